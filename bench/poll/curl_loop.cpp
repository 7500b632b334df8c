// A bare libcurl multi loop that does nothing with what it gets.
#include <curl/curl.h>

#include <memory>

#include "bench/poll/work.hpp"

using namespace feedwatch::bench;

namespace {

struct slot {
    CURL* easy = curl_easy_init();
    curl_slist* headers = nullptr;
    std::string body, etag;
    std::size_t document = 0;
};

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* to) {
    static_cast<slot*>(to)->body.append(bytes, size * count);
    return size * count;
}

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* to) {
    const std::string line(bytes, size * count);
    if (line.starts_with("ETag: ") || line.starts_with("etag: "))
        static_cast<slot*>(to)->etag = line.substr(6, line.size() - 8);
    return size * count;
}

}  // namespace

int main(int argc, char** argv) {
    poll_work work = poll_work::of(argc, argv);
    CURLM* multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(work.in_flight));
    CURLSH* sessions = curl_share_init();
    curl_share_setopt(sessions, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    std::vector<slot> slots(work.in_flight);
    std::size_t sent = 0, done = 0, not_modified = 0, bytes = 0, failed = 0, most = 0;
    const auto start = [&](slot& s) {
        if (sent == most) return;
        const std::size_t n = sent++;
        s.document = n % work.documents;
        s.body.clear();
        curl_easy_reset(s.easy);
        curl_slist_free_all(s.headers);
        s.headers = nullptr;
        const std::string& etag = work.etags[s.document];
        if (work.mode == "not_modified" && !etag.empty())
            s.headers = curl_slist_append(nullptr, ("If-None-Match: " + etag).c_str());
        curl_easy_setopt(s.easy, CURLOPT_HTTPHEADER, s.headers);
        curl_easy_setopt(s.easy, CURLOPT_URL, work.url_of(n).c_str());
        curl_easy_setopt(s.easy, CURLOPT_PRIVATE, &s);
        curl_easy_setopt(s.easy, CURLOPT_WRITEFUNCTION, on_body);
        curl_easy_setopt(s.easy, CURLOPT_WRITEDATA, &s);
        curl_easy_setopt(s.easy, CURLOPT_HEADERFUNCTION, on_header);
        curl_easy_setopt(s.easy, CURLOPT_HEADERDATA, &s);
        curl_easy_setopt(s.easy, CURLOPT_SHARE, sessions);
        if (!work.ca_file.empty()) curl_easy_setopt(s.easy, CURLOPT_CAINFO, work.ca_file.c_str());
        curl_multi_add_handle(multi, s.easy);
    };
    const auto run = [&](std::size_t polls) {
        sent = done = not_modified = bytes = failed = 0;
        most = polls;
        for (slot& s : slots) start(s);
        while (done < most) {
            int running = 0;
            curl_multi_perform(multi, &running);
            int left = 0;
            while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
                slot* s = nullptr;
                CURL* easy = message->easy_handle;
                const CURLcode code = message->data.result;
                curl_easy_getinfo(easy, CURLINFO_PRIVATE, &s);
                long status = 0;
                curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
                ++done;
                if (code != CURLE_OK && failed++ == 0) std::fprintf(stderr, "%s\n", curl_easy_strerror(code));
                if (status == 304) ++not_modified;
                bytes += s->body.size();
                if (status == 200) work.etags[s->document] = s->etag;
                curl_multi_remove_handle(multi, easy);
                start(*s);
            }
            if (done < most) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
        }
    };
    run(work.documents);
    cost c;
    c.start();
    run(work.polls);
    c.tell(done, not_modified, 0, bytes, failed);
    return 0;
}
