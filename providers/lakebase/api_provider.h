// The door to a real workspace, or to the emulator: sees and changes it by the REST API.
#pragma once

#include "core/lakehouse.h"
#include "core/performer.h"
#include "core/provider.h"
#include "providers/http/workspace.h"

namespace weir {

class ApiProvider : public Provider, public Performer, public Lakehouse {
 public:
  struct Options {
    int page_size = 100;
    std::size_t most_pages = 1'000;  ///< of one list
  };

  /// `workspace` must outlive the provider.
  explicit ApiProvider(http::Workspace& workspace);
  ApiProvider(http::Workspace& workspace, Options options);

  std::vector<Observed> list(const Kind& kind, const std::string& parent) override;
  std::optional<Observed> get(const Kind& kind, const std::string& name) override;
  std::string principal_of_app(const std::string& app) override;
  std::optional<SourceTable> source_table(const std::string& name) override;
  bool has_schema(const std::string& name) override;
  std::optional<std::string> catalog_type(const std::string& name) override;
  std::vector<std::string> catalogs() override;
  std::vector<std::string> copies_in(const std::string& catalog) override;
  Operation start(const Request& request, const MayLeave& may_leave) override;
  Operation poll(const std::string& operation) override;
  std::size_t request_count() const override { return workspace_.request_count(); }

  /// As configured, or as the first answer told; "" before that.
  std::string workspace_id() const { return workspace_.workspace_id(); }

 private:
  struct Collection {
    const Kind& kind;
    std::string name;  ///< "projects/shop/branches"
  };

  http::Query query_for(const Kind& kind, const std::string& page_token) const;
  void take_members(const Collection& collection, const Document& page,
                    std::vector<Observed>& members) const;
  std::string next_token(const Collection& collection, const Document& page) const;
  /// Refuse an answer without what it should show, or with values that no field could have.
  void believe(const Kind& kind, const std::string& name, const Document& resource) const;
  void believe(const Observed& observed) const;
  [[noreturn]] void refuse(const Api& api, const std::string& name,
                           const std::string& reason) const;
  /// Done when it is gone.
  Operation poll_ending(const std::string& name);
  /// How far the last update of an app is.
  Operation poll_update(const std::string& name);
  Observed read_singleton(const Kind& kind, const std::string& parent);

  http::Workspace& workspace_;
  const Options options_;
};

}  // namespace weir
