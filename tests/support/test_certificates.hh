// Certificates made at test time: an authority and what it issues, good ones and bad ones.
#pragma once

#include <openssl/x509.h>

#include <memory>
#include <string>

namespace connector::support {

struct FreeCertificate {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};

/// A certificate and its private key.
struct Identity {
  std::unique_ptr<X509, FreeCertificate> certificate;
  std::unique_ptr<EVP_PKEY, FreeKey> key;

  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] std::string key_pem() const;
};

struct CertificateWish {
  std::string subject_name = "IP:127.0.0.1";  ///< as X509v3 Subject Alternative Name; empty = without
  int valid_from_days = -1;                   ///< from today
  int valid_until_days = 1;
};

/// An authority of its own, trusted by nobody until its certificate is somebody's ca_file.
class TestAuthority {
 public:
  TestAuthority();
  [[nodiscard]] Identity issue(const CertificateWish& wish = {}) const;
  /// An authority that this one vouches for.
  [[nodiscard]] TestAuthority intermediate() const;
  [[nodiscard]] std::string certificate_pem() const { return own_.certificate_pem(); }
  [[nodiscard]] X509* certificate() const { return own_.certificate.get(); }

 private:
  explicit TestAuthority(const Identity* issuer);

  Identity own_;
};

/// A certificate that vouches for itself.
Identity self_signed();

}  // namespace connector::support
