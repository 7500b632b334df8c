#include "io/http/multi.hpp"

#include <utility>
#include <vector>

namespace feedwatch::http {

namespace asio = boost::asio;

// A socket of curl's that is being waited for. Asio only borrows the descriptor: release() before curl closes it.
struct multi::watch {
    watch(asio::io_context& loop, curl_socket_t socket) : descriptor(loop, socket), fd(socket) {}
    ~watch() {
        if (open) descriptor.release();
    }
    asio::posix::stream_descriptor descriptor;
    curl_socket_t fd;
    bool open = true;
    int wanted = 0;   // CURL_POLL_IN | CURL_POLL_OUT
    int waiting = 0;  // those with a wait under way
};

std::shared_ptr<multi> multi::make(asio::io_context& loop, multi_options options, done_handler done) {
    return std::shared_ptr<multi>(new multi(loop, options, std::move(done)));
}

multi::multi(asio::io_context& loop, multi_options options, done_handler done)
    : loop_(loop), timer_(loop), done_(std::move(done)), handle_(curl_multi_init()) {
    if (handle_ == nullptr) throw std::bad_alloc();
    curl_multi_setopt(handle_, CURLMOPT_SOCKETFUNCTION, &multi::on_socket);
    curl_multi_setopt(handle_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(handle_, CURLMOPT_TIMERFUNCTION, &multi::on_timer);
    curl_multi_setopt(handle_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(handle_, CURLMOPT_MAXCONNECTS, options.connections_max);
    curl_multi_setopt(handle_, CURLMOPT_MAX_HOST_CONNECTIONS, options.per_host_max);
}

multi::~multi() {
    curl_multi_cleanup(handle_);
}

int multi::on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
    static_cast<multi*>(self)->watch_socket(fd, what);
    return 0;
}

void multi::watch_socket(curl_socket_t fd, int what) {
    const auto found = sockets_.find(fd);
    if (what == CURL_POLL_REMOVE) {
        if (found == sockets_.end()) return;
        found->second->open = false;
        found->second->descriptor.release();
        sockets_.erase(found);
        return;
    }
    const auto w = found != sockets_.end() ? found->second : sockets_[fd] = std::make_shared<watch>(loop_, fd);
    w->wanted = what;
    wait(w, CURL_POLL_IN);
    wait(w, CURL_POLL_OUT);
}

void multi::wait(const std::shared_ptr<watch>& w, int direction) {
    if (!w->open || (w->wanted & direction) == 0 || (w->waiting & direction) != 0) return;
    w->waiting |= direction;
    const bool read = direction == CURL_POLL_IN;
    const auto type = read ? asio::posix::descriptor_base::wait_read : asio::posix::descriptor_base::wait_write;
    auto ready = [weak = weak_from_this(), w, direction](const boost::system::error_code& ec) {
        w->waiting &= ~direction;
        const auto self = weak.lock();
        if (!self || !w->open || ec == asio::error::operation_aborted) return;
        if ((w->wanted & direction) != 0) {
            const int event = direction == CURL_POLL_IN ? CURL_CSELECT_IN : CURL_CSELECT_OUT;
            self->act(w->fd, ec ? event | CURL_CSELECT_ERR : event);
        }
        self->wait(w, direction);
    };
    w->descriptor.async_wait(type, std::move(ready));
}

int multi::on_timer(CURLM*, long timeout_ms, void* self_pointer) {
    auto* self = static_cast<multi*>(self_pointer);
    self->timer_.cancel();
    if (timeout_ms < 0) return 0;
    self->timer_.expires_after(std::chrono::milliseconds{timeout_ms});
    self->timer_.async_wait([weak = self->weak_from_this()](const boost::system::error_code& ec) {
        if (ec) return;
        if (const auto alive = weak.lock()) alive->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
}

// Transfers that have ended are collected first: their handlers may add new ones.
void multi::act(curl_socket_t fd, int events) {
    int running = 0;
    curl_multi_socket_action(handle_, fd, events, &running);
    std::vector<std::pair<CURL*, CURLcode>> ended;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(handle_, &left)) {
        if (message->msg == CURLMSG_DONE) ended.emplace_back(message->easy_handle, message->data.result);
    }
    for (const auto& [easy, code] : ended) {
        if (done_) done_(easy, code);
    }
}

}  // namespace feedwatch::http
