// The reader of saved plans: of any bytes, and of plans that somebody edited and sealed again.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "core/digest.h"
#include "planner/plan_file.h"
#include "planner/planner.h"
#include "providers/lakebase/kinds.h"
#include "tests/fuzz/expect.h"

namespace weir {
namespace {

std::string sealed(const Document& content) {
  const std::string text = to_text(content);
  return fmt::format("{{\"format_version\":\"{}\",\"sha256\":\"{}\",\"plan\":{}}}\n", kPlanFormat,
                     digest(text), text);
}

/// What is accepted is written the same again; what is not is refused with a reason and a way out.
std::string check(const std::string& text) {
  std::optional<Plan> plan;
  try {
    plan = load_plan(text, lakebase_catalogue());
  } catch (const PlanFileError& error) {
    std::string reason = error.what();
    expect(reason.find("plan again") != reason.npos || reason.find("plan -out") != reason.npos,
           "a refusal without a way out", reason);
    return reason;
  }
  expect(save_plan(*plan) == text, "what was read is written differently", text);
  find_stale(*plan, Observations());
  return "";
}

}  // namespace
}  // namespace weir

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  weir::check(text);
  const auto document = weir::parse_document(text);
  const weir::Document* content = document ? weir::at_path(*document, "plan") : nullptr;
  if (content == nullptr) return 0;
  const std::string reason = weir::check(weir::sealed(*content));
  const bool names_where = reason.empty() || reason.find("cannot be used: ") != reason.npos;
  weir::expect(names_where, "a refusal that does not say where", reason);
  return 0;
}
