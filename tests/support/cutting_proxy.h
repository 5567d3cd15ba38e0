// Stands between a client and PostgreSQL, and loses what is said at the worst moment.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

namespace weir::test {

/// Listens as ".s.PGSQL.5432" in a folder of its own and passes everything on.
class CuttingProxy {
 public:
  enum class Cut {
    kNever,
    kBeforeCommit,  ///< the server never hears of it
    kAfterCommit,   ///< the server does it, and the client never hears so
  };

  CuttingProxy(const std::filesystem::path& folder, std::filesystem::path server_socket);
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;
  ~CuttingProxy();

  /// Cuts the connection at the next COMMIT, once.
  void cut(Cut when) { cut_ = when; }
  bool has_cut() const { return cut_ == Cut::kNever; }

 private:
  void serve();
  void pass_on(int client);
  /// Whether the connection goes on.
  bool pass_from_client(int client, int server);

  std::filesystem::path server_socket_;
  int listener_ = -1;
  std::atomic<Cut> cut_ = Cut::kNever;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;  // last: uses the members above
};

}  // namespace weir::test
