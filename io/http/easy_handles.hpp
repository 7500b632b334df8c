// libcurl's easy handles, kept for the next transfer: making one costs a sixth of a poll. They share TLS sessions, so
// that a host which is asked again resumes. Whether a handle shares is settled when it is made: 7.88 loses the handle's
// own sessions when it is told later, and curl_easy_reset() leaves the share as it is. Used on one thread. Private to
// io/http.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <vector>

namespace feedwatch::http {

class easy_handles : public std::enable_shared_from_this<easy_handles> {
  public:
    explicit easy_handles(std::size_t kept_max) : kept_max_(kept_max), sessions_(curl_share_init()) {
        if (!sessions_) throw std::bad_alloc();
        curl_share_setopt(sessions_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    }

    struct give_back {
        std::shared_ptr<easy_handles> to;  // none: nobody uses it again
        void operator()(CURL* e) const {
            if (to)
                to->keep(e);
            else
                curl_easy_cleanup(e);
        }
    };
    using handle = std::unique_ptr<CURL, give_back>;

    // May hold the options of the transfer before: curl_easy_reset() comes first.
    [[nodiscard]] handle take() {
        CURL* easy = nullptr;
        if (idle_.empty()) {
            easy = make();
            curl_easy_setopt(easy, CURLOPT_SHARE, sessions_.get());
        } else {
            easy = idle_.back().release();
            idle_.pop_back();
        }
        return {easy, {shared_from_this()}};
    }
    // Sessions that a client certificate has opened are for nobody else.
    [[nodiscard]] static handle take_unshared() { return {make(), {nullptr}}; }

  private:
    struct easy_free {
        void operator()(CURL* e) const noexcept { curl_easy_cleanup(e); }
    };
    struct share_free {
        void operator()(CURLSH* s) const noexcept { curl_share_cleanup(s); }
    };

    static CURL* make() {
        CURL* easy = curl_easy_init();
        if (easy == nullptr) throw std::bad_alloc();
        return easy;
    }

    void keep(CURL* easy) {
        std::unique_ptr<CURL, easy_free> given(easy);
        curl_easy_reset(easy);  // what was secret is not kept
        if (idle_.size() < kept_max_) idle_.push_back(std::move(given));
    }

    std::size_t kept_max_;
    std::unique_ptr<CURLSH, share_free> sessions_;  // outlives the handles
    std::vector<std::unique_ptr<CURL, easy_free>> idle_;
};

}  // namespace feedwatch::http
