// A large estate without a network: its manifest, and the answers that an emulator gives about it.
#pragma once

#include <string>

#include "core/provider.h"

namespace weir {

/// Itself, its permissions, and ten branches with an endpoint, a database and six roles each.
constexpr int kResourcesOfProject = 2 + 10 * (3 + 6);

struct EstateSize {
  int projects = 0;

  int resources() const { return projects * kResourcesOfProject; }
};

/// The manifest that declares all of it.
std::string manifest_of(const EstateSize& size);

/// Gives the recorded texts of answers to the product's own reader of answers.
class RecordedEstate : public Provider {
 public:
  explicit RecordedEstate(const EstateSize& size) : size_(size) {}

  std::vector<Observed> list(const Kind& kind, const std::string& parent) override;
  /// Not needed: nothing is missing from the lists.
  std::optional<Observed> get(const Kind& kind, const std::string& name) override;
  std::string principal_of_app(const std::string& app) override;
  /// Exact only when one request is under way at a time.
  std::size_t request_count() const override { return requests_; }

 private:
  std::vector<Observed> list_projects(const Kind& kind);
  std::vector<Observed> read_page(const Kind& kind, const std::string& collection,
                                  const std::string& members);

  EstateSize size_;
  std::size_t requests_ = 0;
};

}  // namespace weir
