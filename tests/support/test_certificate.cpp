#include "tests/support/test_certificate.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <functional>

namespace feedwatch::test {

std::string pem_of(const std::function<void(BIO*)>& write) {
    BIO* bio = BIO_new(BIO_s_mem());
    write(bio);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    std::string out(bytes, static_cast<std::size_t>(size));
    BIO_free(bio);
    return out;
}

certificate make_certificate(const certificate_options& options) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* cert = X509_new();
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), 86400L * options.days_from);
    X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * options.days_to);
    X509_set_pubkey(cert, key);
    X509_NAME* name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("feedwatch test"), -1,
                               -1, 0);
    X509_set_issuer_name(cert, name);
    in_addr unused{};
    const bool address = inet_pton(AF_INET, options.name.c_str(), &unused) == 1;
    const std::string alternative = (address ? "IP:" : "DNS:") + options.name;
    X509V3_CTX context;
    X509V3_set_ctx(&context, cert, cert, nullptr, nullptr, 0);
    for (const auto& [id, value] : {std::pair<int, std::string>{NID_subject_alt_name, alternative},
                                    std::pair<int, std::string>{NID_basic_constraints, "critical,CA:TRUE"}}) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
        X509_add_ext(cert, extension, -1);
        X509_EXTENSION_free(extension);
    }
    X509_sign(cert, key, EVP_sha256());
    certificate out;
    out.pem = pem_of([&](BIO* bio) { PEM_write_bio_X509(bio, cert); });
    out.key = pem_of([&](BIO* bio) {
        const auto* phrase = reinterpret_cast<const unsigned char*>(options.passphrase.data());
        const bool open = options.passphrase.empty();
        PEM_write_bio_PrivateKey(bio, key, open ? nullptr : EVP_aes_256_cbc(), open ? nullptr : phrase,
                                 static_cast<int>(options.passphrase.size()), nullptr, nullptr);
    });
    X509_free(cert);
    EVP_PKEY_free(key);
    return out;
}

}  // namespace feedwatch::test
