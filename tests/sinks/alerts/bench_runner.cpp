#include "tests/sinks/alerts/bench_runner.hpp"

namespace feedwatch::test {

channel_config channel_named(const std::string& name) {
    channel_config c;
    c.name = name;
    c.url = "https://" + name + ".example/hook";
    c.secrets = {secret(test_secret)};
    return c;
}

flagged_item alert_item(const std::string& story, const std::vector<std::string>& topics) {
    flagged_item f;
    f.id = item_id(story);
    f.story = story_id(story);
    f.title = "Title of " + story;
    f.text = "Text of " + story;
    for (const std::string& t : topics) {
        topic_match m;
        m.topic = topic_id(t);
        m.version = "1";
        f.matches.push_back(m);
    }
    return f;
}

alert_bench::alert_bench(std::vector<channel_config> channels, std::int32_t partitions, http::exchange* through)
    : channels_(std::move(channels)), partitions_(partitions), through_(through) {
    restart();
}

void alert_bench::restart() {
    out_.records.clear();
    alerts.reset();
    http = std::make_unique<fake_exchange>();
    alerts::alerts_options options;
    options.config.channels = channels_;
    options.topic_prefix = "feedwatch.";
    alerts = alerts::make_alerts(std::move(options), through_ != nullptr ? *through_ : *http, null_meter()).value();
    for (std::int32_t p = 0; p < partitions_; ++p) {
        alerts->assigned(p);
        for (const auto& [key, stored] : topic_deliveries) {
            if (stored.first != p) continue;
            record_view r;
            r.from = topic::deliveries;
            r.partition = p;
            r.key = key;
            r.value = stored.second;
            alerts->restore(r).value();
        }
        alerts->restored(p, now);
    }
}

void alert_bench::begin() {
    alerts->begin_batch(++batch_);
}

result<> alert_bench::process(const flagged_item& item, std::int32_t partition) {
    const std::string key = item.story.str();
    const std::string value = to_json(item);
    record_view r;
    r.from = topic::flagged;
    r.partition = partition;
    r.key = key;
    r.value = value;
    r.written = written;
    r.headers = headers;
    return alerts->process(r, now, out_);
}

result<> alert_bench::take_down(const std::string& story, std::int32_t partition) {
    record_view r;
    r.from = topic::flagged;
    r.partition = partition;
    r.key = story;
    r.written = written;
    return alerts->process(r, now, out_);
}

void alert_bench::tick() {
    alerts->tick(now, out_);
}

void alert_bench::commit() {
    for (output_record& r : out_.records) {
        ++emitted;
        if (r.to == topic::dead)
            dead.push_back(std::move(r));
        else if (r.value)
            topic_deliveries[r.key] = {r.partition.value(), *r.value};
        else
            topic_deliveries.erase(r.key);
    }
    out_.records.clear();
    alerts->commit_batch(batch_);
}

void alert_bench::rollback() {
    out_.records.clear();
    alerts->rollback_batch(batch_);
}

void alert_bench::flag(const flagged_item& item, std::int32_t partition) {
    begin();
    process(item, partition).value();
    commit();
}

void alert_bench::settle() {
    begin();
    tick();
    commit();
}

void alert_bench::pass(duration by) {
    now += by;
    written = now;
    settle();
}

delivery alert_bench::stored(const std::string& key) const {
    return delivery_from_json(topic_deliveries.at(key).second).value();
}

std::vector<std::string> alert_bench::keys(delivery::state status) const {
    std::vector<std::string> out;
    for (const auto& [key, value] : topic_deliveries)
        if (stored(key).status == status) out.push_back(key);
    return out;
}

}  // namespace feedwatch::test
