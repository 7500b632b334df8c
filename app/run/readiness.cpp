#include "app/run/readiness.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/utf8.hpp"

namespace feedwatch::app {

void readiness::set(std::vector<std::string> reasons_against) {
    const std::lock_guard lock(guard_);
    reasons_ = std::move(reasons_against);
}

http::served_reply readiness::answer() const {
    boost::json::array reasons;
    {
        const std::lock_guard lock(guard_);
        for (const std::string& reason : reasons_) reasons.emplace_back(to_valid_utf8(reason));
    }
    http::served_reply reply;
    reply.status = reasons.empty() ? 200 : 503;
    reply.content_type = "application/json";
    const bool ready = reasons.empty();
    reply.body = boost::json::serialize(boost::json::object{{"ready", ready}, {"reasons", std::move(reasons)}}) + "\n";
    return reply;
}

}  // namespace feedwatch::app
