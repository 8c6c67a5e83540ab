#include "support/test_certificates.hh"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace connector::support {
namespace {

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("no test certificate: ") + what);
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  require(extension != nullptr, value);
  require(X509_add_ext(certificate, extension, -1) == 1, value);
  X509_EXTENSION_free(extension);
}

/// A certificate that still lacks issuer, extensions and signature.
Identity draft(const std::string& name, const CertificateWish& wish) {
  static std::atomic<long> last_serial{0};
  const long serial = ++last_serial;
  const std::string common_name = name + ' ' + std::to_string(serial);  // two authorities are never namesakes
  constexpr long day = 24L * 60 * 60;
  Identity made{std::unique_ptr<X509, FreeCertificate>(X509_new()),
                std::unique_ptr<EVP_PKEY, FreeKey>(EVP_EC_gen("P-256"))};
  X509* certificate = made.certificate.get();
  require(certificate != nullptr && made.key != nullptr, "memory");
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.valid_from_days * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.valid_until_days * day);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  return made;
}

void sign(const Identity& made, X509* issuer, EVP_PKEY* key) {
  X509_set_issuer_name(made.certificate.get(), X509_get_subject_name(issuer));
  require(X509_sign(made.certificate.get(), key, EVP_sha256()) > 0, "signature");
}

template <class Write>
std::string pem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  require(out != nullptr && write(out.get()) == 1, "PEM");
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace

std::string Identity::certificate_pem() const {
  return pem([this](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
}

std::string Identity::key_pem() const {
  return pem([this](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

TestAuthority::TestAuthority() : TestAuthority(nullptr) {}

TestAuthority::TestAuthority(const Identity* issuer) : own_(draft("Test authority", {})) {
  const Identity& signer = issuer == nullptr ? own_ : *issuer;
  add_extension(certificate(), signer.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate(), signer.certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  sign(own_, signer.certificate.get(), signer.key.get());
}

TestAuthority TestAuthority::intermediate() const {
  return TestAuthority(&own_);
}

Identity TestAuthority::issue(const CertificateWish& wish) const {
  Identity made = draft("Test peer", wish);
  if (!wish.subject_name.empty()) {
    add_extension(made.certificate.get(), certificate(), NID_subject_alt_name, wish.subject_name.c_str());
  }
  sign(made, certificate(), own_.key.get());
  return made;
}

Identity self_signed() {
  Identity made = draft("Nobody", {});
  X509* certificate = made.certificate.get();
  add_extension(certificate, certificate, NID_subject_alt_name, "IP:127.0.0.1");
  sign(made, certificate, made.key.get());
  return made;
}

}  // namespace connector::support
