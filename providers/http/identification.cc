#include "providers/http/identification.h"

#include <array>
#include <cstdint>
#include <unistd.h>

#include <fmt/format.h>

#include "core/error.h"

namespace weir::http {
namespace {

struct Builder {
  const char* name;
  const char* variable;
  const char* value;  ///< empty: any
};
constexpr std::array<Builder, 8> kBuilders = {{{"github", "GITHUB_ACTIONS", "true"},
                                               {"gitlab", "GITLAB_CI", "true"},
                                               {"jenkins", "JENKINS_URL", ""},
                                               {"azure-devops", "TF_BUILD", "True"},
                                               {"circle", "CIRCLECI", "true"},
                                               {"travis", "TRAVIS", "true"},
                                               {"bitbucket", "BITBUCKET_BUILD_NUMBER", ""},
                                               {"aws-code-build", "CODEBUILD_BUILD_ARN", ""}}};

std::string ci_of(const Environment& environment) {
  for (const Builder& builder : kBuilders) {
    const std::string value = environment(builder.variable);
    if (value.empty()) continue;
    if (std::string_view(builder.value).empty() || value == builder.value) return builder.name;
  }
  return "";
}

}  // namespace

std::string user_agent(std::string_view auth_type, const Environment& environment) {
  std::string text = fmt::format("weir/{} os/linux auth/{}", WEIR_VERSION, auth_type);
  const std::string ci = ci_of(environment);
  if (!ci.empty()) text += " cicd/" + ci;
  return text;
}

std::string new_traceparent() {
  // Not std::random_device: it asks the processor, which a virtual machine makes slow.
  std::array<std::uint64_t, 3> random = {};
  if (getentropy(random.data(), sizeof random) != 0) {
    throw Error("the system has no random bytes for the id of a request");
  }
  // Ids of zeros alone are not allowed; so many random bits are never that.
  return fmt::format("00-{:016x}{:016x}-{:016x}-01", random[0], random[1], random[2]);
}

}  // namespace weir::http
