#include "emulator/postgres/authority.h"

#include <array>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "emulator/postgres/failure.h"
#include "emulator/postgres/files.h"

namespace emulator {
namespace {

constexpr long kDay = 24L * 60 * 60;
constexpr long kYear = 365 * kDay;
constexpr std::size_t kSerialBytes = 16;
constexpr long kVersion3 = 2;  // versions are counted from zero

using Memory = std::unique_ptr<BIO, int (*)(BIO*)>;

void require(bool is_done, const char* what) {
  if (is_done) return;
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  throw Failure(kInternalError, std::string("TLS: cannot ") + what + ": " + reason.data());
}

Memory memory_of(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

std::string text_of(BIO* memory) {
  char* start = nullptr;
  // BIO_get_mem_data is a macro with an old-style cast.
  const long size = BIO_ctrl(memory, BIO_CTRL_INFO, 0, static_cast<void*>(&start));
  return {start, static_cast<std::size_t>(size)};
}

EVP_PKEY* make_key() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  require(key != nullptr, "make a key");
  return key;
}

void set_serial(X509* certificate) {
  std::array<unsigned char, kSerialBytes> bytes{};
  require(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "make a serial number");
  bytes[0] &= 0x7FU;  // positive
  const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> number(
      BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr), BN_free);
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

void set_name(X509_NAME* name, const std::string& common_name) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  require(extension != nullptr, "describe a certificate");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509* blank_certificate(const std::string& common_name, EVP_PKEY* key, long lifetime) {
  X509* certificate = X509_new();
  require(certificate != nullptr, "make a certificate");
  X509_set_version(certificate, kVersion3);
  set_serial(certificate);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), lifetime);
  set_name(X509_get_subject_name(certificate), common_name);
  X509_set_pubkey(certificate, key);
  return certificate;
}

}  // namespace

Authority::Authority(const std::filesystem::path& folder)
    : certificate_file_(folder / "ca.pem"),
      key_file_(folder / "ca.key"),
      certificate_(nullptr, X509_free),
      key_(nullptr, EVP_PKEY_free) {
  if (!read()) create();
}

Authority::~Authority() = default;

bool Authority::read() {
  const auto certificate = read_file(certificate_file_);
  const auto key = read_file(key_file_);
  if (!certificate || !key) return false;
  certificate_.reset(PEM_read_bio_X509(memory_of(*certificate).get(), nullptr, nullptr, nullptr));
  key_.reset(PEM_read_bio_PrivateKey(memory_of(*key).get(), nullptr, nullptr, nullptr));
  return certificate_ != nullptr && key_ != nullptr &&
         X509_check_private_key(certificate_.get(), key_.get()) == 1 &&
         X509_cmp_current_time(X509_get0_notAfter(certificate_.get())) > 0;
}

void Authority::create() {
  key_.reset(make_key());
  certificate_.reset(
      blank_certificate("Lakebase emulator, this machine only", key_.get(), 10 * kYear));
  X509* certificate = certificate_.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  extend(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(certificate, certificate, NID_subject_key_identifier, "hash");
  // Whoever trusts this authority trusts it for loopback addresses alone.
  extend(certificate, certificate, NID_name_constraints,
         "critical,permitted;IP:127.0.0.0/255.0.0.0,permitted;DNS:localhost");
  require(X509_sign(certificate, key_.get(), EVP_sha256()) > 0, "sign the authority");

  const Memory key_text(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PrivateKey(key_text.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  const Memory certificate_text(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_X509(certificate_text.get(), certificate);
  write_file(key_file_, text_of(key_text.get()), 0600);
  write_file(certificate_file_, text_of(certificate_text.get()), 0644);
}

Authority::Certificate Authority::issue(const std::string& address, evp_pkey_st* key) const {
  // Not the bare address: as a common name that would count as a host name, which is constrained.
  Certificate made(blank_certificate("endpoint at " + address, key, 2 * kYear), X509_free);
  X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get()));
  extend(made.get(), certificate_.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(made.get(), certificate_.get(), NID_key_usage, "critical,digitalSignature");
  extend(made.get(), certificate_.get(), NID_ext_key_usage, "serverAuth");
  // Node.js checks the name "localhost" when it connects to an address.
  extend(made.get(), certificate_.get(), NID_subject_alt_name, "IP:" + address + ",DNS:localhost");
  extend(made.get(), certificate_.get(), NID_authority_key_identifier, "keyid");
  require(X509_sign(made.get(), key_.get(), EVP_sha256()) > 0, "sign a certificate");
  return made;
}

TlsContext Authority::context_for(const std::string& address) {
  TlsContext& context = contexts_[address];
  if (context != nullptr) return context;
  TlsContext made(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  require(made != nullptr, "make a context");
  const Key key(make_key(), EVP_PKEY_free);
  const Certificate certificate = issue(address, key.get());
  SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(made.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(made.get(), 0);
  SSL_CTX_set_session_cache_mode(made.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(made.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                   SSL_MODE_RELEASE_BUFFERS);
  require(SSL_CTX_use_certificate(made.get(), certificate.get()) == 1, "use a certificate");
  require(SSL_CTX_use_PrivateKey(made.get(), key.get()) == 1, "use a key");
  context = made;
  return made;
}

}  // namespace emulator
