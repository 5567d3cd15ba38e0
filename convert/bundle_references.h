// "${…}" of bundles: what it names in the bundle, or the expression of manifests that means it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "convert/notes.h"
#include "manifest/node.h"

namespace weir::convert {

class BundleReferences {
 public:
  /// `variables` is the bundle's own map of them.
  BundleReferences(const Node* variables, std::string bundle_name, bool has_targets, Notes& notes)
      : variables_(variables),
        bundle_name_(std::move(bundle_name)),
        has_targets_(has_targets),
        notes_(notes) {}

  /// Makes every text of a value one of a manifest. `resources` is what "${resources.…}" is about.
  void translate(Node& value, const Node& resources);

  /// Variables for what only the bundle's own tool knows, with what they stand for.
  const std::map<std::string, std::string>& made() const { return made_; }

 private:
  std::string text(std::string_view written, const Node& resources, const Place& place, int depth);
  std::string meaning(const std::string& expression, const Node& resources, const Place& place,
                      int depth);
  std::string of_resource(const std::string& expression, const Node& resources, const Place& place,
                          int depth);
  std::string of_variable(const std::string& expression);
  std::string unknown(const std::string& expression);

  const Node* variables_;
  std::string bundle_name_;
  bool has_targets_;
  Notes& notes_;
  std::size_t looked_up_ = 0;
  std::map<std::string, std::string> made_;
};

}  // namespace weir::convert
