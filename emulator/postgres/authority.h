// The emulator's own certificate authority, which vouches for loopback addresses.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

struct ssl_ctx_st;
struct x509_st;
struct evp_pkey_st;

namespace emulator {

/// What a TLS server needs for one address. Shared, because sessions outlive a closed address.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

/// Used on one thread; the contexts it gives out may be used on any.
class Authority {
 public:
  /// Reads `folder`/ca.pem and its key, or makes both.
  explicit Authority(const std::filesystem::path& folder);
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority();

  const std::filesystem::path& certificate_file() const { return certificate_file_; }
  /// A certificate for `address` (IPv4), made at the first call.
  TlsContext context_for(const std::string& address);

 private:
  using Certificate = std::unique_ptr<x509_st, void (*)(x509_st*)>;
  using Key = std::unique_ptr<evp_pkey_st, void (*)(evp_pkey_st*)>;

  bool read();
  void create();
  Certificate issue(const std::string& address, evp_pkey_st* key) const;

  std::filesystem::path certificate_file_;
  std::filesystem::path key_file_;
  Certificate certificate_;
  Key key_;
  std::map<std::string, TlsContext> contexts_;
};

}  // namespace emulator
