#include "tests/support/loopback_server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <cstdio>
#include <memory>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace weir::test {
namespace {

std::size_t length_of_body(const std::string& head) {
  const std::string name = "Content-Length: ";
  const std::size_t place = head.find(name);
  return place == std::string::npos ? 0 : std::stoul(head.substr(place + name.size()));
}

}  // namespace

std::string Peer::read_request() {
  while (true) {
    const std::size_t end = buffer_.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::size_t size = end + 4 + length_of_body(buffer_.substr(0, end));
      if (buffer_.size() >= size) {
        std::string request = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return request;
      }
    }
    const std::string bytes = read_some();
    if (bytes.empty()) return "";
    buffer_ += bytes;
  }
}

std::string Peer::read_some() {
  std::array<char, 4096> bytes = {};
  const auto count = tls_ == nullptr ? recv(socket_, bytes.data(), bytes.size(), 0)
                                     : SSL_read(tls_, bytes.data(), bytes.size());
  return count <= 0 ? "" : std::string(bytes.data(), static_cast<std::size_t>(count));
}

bool Peer::send(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const int left = static_cast<int>(bytes.size() - sent);
    const auto count = tls_ == nullptr ? ::send(socket_, bytes.data() + sent,
                                                static_cast<std::size_t>(left), MSG_NOSIGNAL)
                                       : SSL_write(tls_, bytes.data() + sent, left);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

LoopbackServer::LoopbackServer(Session session, const std::string& certificate)
    : session_(std::move(session)) {
  if (!certificate.empty()) {
    tls_ = SSL_CTX_new(TLS_server_method());
    const bool is_loaded =
        SSL_CTX_use_certificate_file(tls_, certificate.c_str(), SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_use_PrivateKey_file(tls_, certificate.c_str(), SSL_FILETYPE_PEM) == 1;
    if (!is_loaded) throw std::runtime_error("cannot load " + certificate);
  }
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* general = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, general, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, general, &size) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int open : sockets_) shutdown(open, SHUT_RDWR);
  }
  for (std::thread& session : sessions_) session.join();
  for (const int open : sockets_) close(open);
  close(listener_);
  SSL_CTX_free(tls_);
}

std::string LoopbackServer::url() const {
  return fmt::format("{}://127.0.0.1:{}", tls_ == nullptr ? "http" : "https", port_);
}

void LoopbackServer::accept_all() {
  while (true) {
    const int accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) return;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(accepted);
    sessions_.emplace_back([this, accepted] { serve(accepted); });
  }
}

void LoopbackServer::serve(int accepted) {
  // Clients that are gone are what these tests are about.
  sigset_t pipe = {};
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(tls_ == nullptr ? nullptr : SSL_new(tls_),
                                                      &SSL_free);
  bool is_open = true;
  if (tls != nullptr) {
    SSL_set_fd(tls.get(), accepted);
    is_open = SSL_accept(tls.get()) == 1;
  }
  if (is_open) {
    Peer peer(accepted, tls.get());
    session_(peer);
  }
  // The number stays taken until the end, so that no other connection can get it.
  shutdown(accepted, SHUT_RDWR);
}

void Script::operator()(Peer& peer) {
  const std::string request = peer.read_request();
  if (request.empty()) return;
  std::string next;
  {
    const std::lock_guard lock(mutex_);
    next = answers_[std::min(requests_.size(), answers_.size() - 1)];
    requests_.push_back(request);
  }
  peer.send(next);
}

std::vector<std::string> Script::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::string answer(int status, const std::string& body, const std::string& headers) {
  return fmt::format("HTTP/1.1 {} Words\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}",
                     status, body.size(), headers, body);
}

void write_certificate(const std::string& file, const std::string& subject) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const std::string common = "weir test";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject.c_str());
  X509_add_ext(certificate.get(), extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const std::unique_ptr<FILE, decltype(&fclose)> output(fopen(file.c_str(), "w"), &fclose);
  if (output == nullptr) throw std::runtime_error("cannot write " + file);
  PEM_write_X509(output.get(), certificate.get());
  PEM_write_PrivateKey(output.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

}  // namespace weir::test
