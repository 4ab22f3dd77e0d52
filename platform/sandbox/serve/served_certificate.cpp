#include "platform/sandbox/serve/served_certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>

namespace carbon::sandbox {

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

bool add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool describe(X509* certificate, EVP_PKEY* key) {
  constexpr long ten_years = 10L * 365 * 24 * 3600;
  constexpr long an_hour = 3600;  // other clocks may be behind
  X509_set_version(certificate, X509_VERSION_3);
  // Clients refuse a second certificate of the same issuer and number, so it is random.
  std::uint32_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -an_hour);
  X509_gmtime_adj(X509_getm_notAfter(certificate), ten_years);
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* word = reinterpret_cast<const unsigned char*>("carbon sandbox");
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, word, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
         add_extension(certificate, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost") &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
         X509_sign(certificate, key, EVP_sha256()) != 0;
}

}  // namespace

Result<ServedCertificate> make_loopback_certificate() {
  Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  Owned<X509> certificate(X509_new());
  Owned<BIO> key_text(BIO_new(BIO_s_mem()));
  Owned<BIO> certificate_text(BIO_new(BIO_s_mem()));
  bool made =
      key && certificate && key_text && certificate_text && describe(certificate.get(), key.get()) &&
      PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
      PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1;
  if (!made) return fail(DiagnosticCode::sandbox_failed, "OpenSSL could not make a certificate");
  return ServedCertificate{text_of(certificate_text.get()), text_of(key_text.get())};
}

}  // namespace carbon::sandbox
