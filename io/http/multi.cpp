#include "io/http/multi.hpp"

#include <sys/epoll.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace feedwatch::http {

namespace asio = boost::asio;

namespace {

int make_epoll() {
    const int fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    return fd;
}

std::uint32_t events_of(int what) {
    std::uint32_t events = 0;
    if ((what & CURL_POLL_IN) != 0) events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) events |= EPOLLOUT;
    return events;
}

}  // namespace

std::shared_ptr<multi> multi::make(asio::io_context& loop, multi_options options, done_handler done) {
    auto made = std::shared_ptr<multi>(new multi(loop, options, std::move(done)));
    made->wait_for_sockets();
    return made;
}

multi::multi(asio::io_context& loop, multi_options options, done_handler done)
    : loop_(loop), events_(loop, make_epoll()), timer_(loop), done_(std::move(done)), handle_(curl_multi_init()) {
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

// A socket that curl no longer waits for stays in the epoll: most are closed at once, which takes them out. One that
// is kept and becomes readable all the same is taken out then.
void multi::watch_socket(curl_socket_t fd, int what) {
    if (what == CURL_POLL_REMOVE) {
        wanted_.erase(fd);
        return;
    }
    epoll_event event{};
    event.events = events_of(what);
    event.data.fd = fd;
    const bool known = !wanted_.insert(fd).second;
    const int first = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(events_.native_handle(), first, fd, &event) == 0) return;
    epoll_ctl(events_.native_handle(), known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
}

void multi::wait_for_sockets() {
    events_.async_wait(asio::posix::descriptor_base::wait_read,
                       [weak = weak_from_this()](const boost::system::error_code& ec) {
                           const auto self = weak.lock();
                           if (!self || ec) return;
                           self->take_events();
                           self->wait_for_sockets();
                       });
}

void multi::take_events() {
    std::array<epoll_event, 64> events;
    const int count = epoll_wait(events_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        const curl_socket_t fd = event.data.fd;
        if (!wanted_.contains(fd)) {
            epoll_ctl(events_.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
            continue;
        }
        int what = 0;
        if ((event.events & (EPOLLIN | EPOLLHUP)) != 0) what |= CURL_CSELECT_IN;
        if ((event.events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
        if ((event.events & EPOLLERR) != 0) what |= CURL_CSELECT_ERR;
        int running = 0;
        curl_multi_socket_action(handle_, fd, what, &running);
    }
    collect_ended();
}

int multi::on_timer(CURLM*, long timeout_ms, void* self) {
    static_cast<multi*>(self)->set_deadline(timeout_ms);
    return 0;
}

void multi::set_deadline(long timeout_ms) {
    if (timeout_ms < 0) {
        deadline_.reset();
        return;
    }
    deadline_ = clock::now() + std::chrono::milliseconds{timeout_ms};
    arm_timer();
}

// A timer that fires early costs less than one that is set anew each time.
void multi::arm_timer() {
    if (!deadline_ || (armed_ && *armed_ <= *deadline_)) return;
    armed_ = deadline_;
    const auto fire = [weak = weak_from_this(), at = *armed_](const boost::system::error_code& ec) {
        const auto self = weak.lock();
        if (self && !ec && self->armed_ == at) self->time_out();
    };
    if (*armed_ <= clock::now()) {
        asio::post(loop_, [fire] { fire({}); });
        return;
    }
    timer_.expires_at(*armed_);
    timer_.async_wait(fire);
}

void multi::time_out() {
    armed_.reset();
    if (deadline_ && *deadline_ <= clock::now()) {
        deadline_.reset();
        int running = 0;
        curl_multi_socket_action(handle_, CURL_SOCKET_TIMEOUT, 0, &running);
        collect_ended();
    }
    arm_timer();
}

// All are collected before any is told: a handler may add new ones.
void multi::collect_ended() {
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
