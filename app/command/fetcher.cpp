#include "app/command/fetcher.hpp"

#include <poll.h>

#include "app/run/pipeline.hpp"
#include "producers/poll/fetch_request.hpp"

namespace feedwatch::app {

fetcher::fetcher(const network_config& network, const fetch_limits& limits) : limits_(limits) {
    http::client_options client;
    client.network = network;
    client.per_host_max = limits.per_host_max;
    client.user_agent = user_agent(network);
    exchange_ = http::make_exchange(client, wakes_);
}

std::vector<result<http::response>> fetcher::get(const std::vector<std::string>& urls, const char* accept) {
    for (std::size_t n = 0; n < urls.size(); ++n) {
        http::request request;
        request.url = urls[n];
        request.headers = {{"accept", accept}};
        polling::set_limits(request, limits_);
        exchange_->submit(n, std::move(request));
    }
    std::vector<result<http::response>> answers(urls.size(), error(errc::internal, "not answered"));
    for (std::size_t left = urls.size(); left > 0;) {  // the requests' own time-outs end this
        pollfd waiting{wakes_.fd(), POLLIN, 0};
        (void)::poll(&waiting, 1, 200);
        for (http::finished& done : exchange_->take_finished()) {
            answers[done.token] = std::move(done.outcome);
            --left;
        }
    }
    return answers;
}

result<http::response> fetcher::get(const std::string& url, const char* accept) {
    return std::move(get(std::vector{url}, accept)[0]);
}

}  // namespace feedwatch::app
