#include "io/http/authorities.hpp"

#include <curl/curl.h>
#include <openssl/err.h>
#include <sys/stat.h>

#include "io/http/client.hpp"

namespace feedwatch::http {

authorities::authorities(std::string file) {
    const curl_version_info_data* built = curl_version_info(CURLVERSION_NOW);
    if (built->cainfo != nullptr) files_.emplace_back(built->cainfo);
    if (built->capath != nullptr) folder_ = built->capath;
    if (!file.empty()) files_.push_back(std::move(file));
}

std::vector<authorities::stamp> authorities::stamps() const {
    std::vector<stamp> out;
    for (const std::string& file : files_) {
        struct stat is {};
        if (::stat(file.c_str(), &is) != 0) is = {};
        out.push_back({is.st_dev, is.st_ino, is.st_size, is.st_mtim.tv_sec, is.st_mtim.tv_nsec});
    }
    return out;
}

result<> authorities::read() {
    auto now = stamps();  // before the reading: what changes meanwhile is read again
    std::unique_ptr<X509_STORE, store_free> fresh(X509_STORE_new());
    if (!fresh) throw std::bad_alloc();
    if (files_.empty() && folder_.empty()) X509_STORE_set_default_paths(fresh.get());
    for (const std::string& file : files_) {
        if (X509_STORE_load_file(fresh.get(), file.c_str()) == 1) continue;
        ERR_clear_error();
        return error(errc::tls, "no certificates can be read from " + file);
    }
    if (!folder_.empty() && X509_STORE_load_path(fresh.get(), folder_.c_str()) != 1) {
        ERR_clear_error();
        return error(errc::tls, "the certificates in " + folder_ + " cannot be used");
    }
    store_ = std::move(fresh);
    read_ = std::move(now);
    return {};
}

result<> authorities::give_to(SSL_CTX& context) {
    if (!store_ || read_ != stamps()) {
        if (auto got = read(); !got) return got;
    }
    SSL_CTX_set1_cert_store(&context, store_.get());
    return {};
}

}  // namespace feedwatch::http
