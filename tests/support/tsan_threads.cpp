// ThreadSanitizer (GCC 12) knows POSIX threads but not C11's, which librdkafka uses: a thread that it did not see begin
// crashes in it, and locks it does not see order nothing. So in its builds C11's calls are POSIX calls, as they are
// inside of glibc, whose types have the same layout.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>

namespace {

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));

pthread_mutex_t* posix(mtx_t* m) {
    return reinterpret_cast<pthread_mutex_t*>(m);
}
pthread_cond_t* posix(cnd_t* c) {
    return reinterpret_cast<pthread_cond_t*>(c);
}

int result_of(int code) {
    switch (code) {
        case 0:
            return thrd_success;
        case ETIMEDOUT:
            return thrd_timedout;
        case EBUSY:
            return thrd_busy;
        case ENOMEM:
            return thrd_nomem;
        default:
            return thrd_error;
    }
}

struct beginning {
    thrd_start_t run;
    void* with;
};

void* begin(void* from) {
    const beginning b = *static_cast<beginning*>(from);
    delete static_cast<beginning*>(from);
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(b.run(b.with)));
}

}  // namespace

extern "C" {

int thrd_create(thrd_t* thread, thrd_start_t run, void* with) {
    auto* from = new beginning{run, with};
    const int code = pthread_create(thread, nullptr, begin, from);
    if (code != 0) delete from;
    return result_of(code == EAGAIN ? ENOMEM : code);
}

int thrd_join(thrd_t thread, int* result) {
    void* returned = nullptr;
    const int code = pthread_join(thread, &returned);
    if (result != nullptr) *result = static_cast<int>(reinterpret_cast<std::intptr_t>(returned));
    return result_of(code);
}

int mtx_init(mtx_t* m, int type) noexcept {
    pthread_mutexattr_t how;
    pthread_mutexattr_init(&how);
    pthread_mutexattr_settype(&how, (type & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
    const int code = pthread_mutex_init(posix(m), &how);
    pthread_mutexattr_destroy(&how);
    return result_of(code);
}

int mtx_lock(mtx_t* m) {
    return result_of(pthread_mutex_lock(posix(m)));
}
int mtx_unlock(mtx_t* m) noexcept {
    return result_of(pthread_mutex_unlock(posix(m)));
}
void mtx_destroy(mtx_t* m) noexcept {
    pthread_mutex_destroy(posix(m));
}

int cnd_init(cnd_t* c) noexcept {
    return result_of(pthread_cond_init(posix(c), nullptr));
}
int cnd_signal(cnd_t* c) noexcept {
    return result_of(pthread_cond_signal(posix(c)));
}
int cnd_broadcast(cnd_t* c) noexcept {
    return result_of(pthread_cond_broadcast(posix(c)));
}
int cnd_wait(cnd_t* c, mtx_t* m) {
    return result_of(pthread_cond_wait(posix(c), posix(m)));
}
int cnd_timedwait(cnd_t* c, mtx_t* m, const timespec* until) {
    return result_of(pthread_cond_timedwait(posix(c), posix(m), until));
}
void cnd_destroy(cnd_t* c) noexcept {
    pthread_cond_destroy(posix(c));
}

}  // extern "C"
