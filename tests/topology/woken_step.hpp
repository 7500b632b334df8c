// A step with the exchange it works through: finished requests make its tick due, as the waker does in production.
#pragma once

#include <memory>

#include "core/step.hpp"
#include "tests/topology/scripted_web.hpp"

namespace feedwatch::testing {

class woken_step final : public step {
  public:
    woken_step(std::unique_ptr<web_exchange> through, std::unique_ptr<step> inner)
        : through_(std::move(through)), inner_(std::move(inner)) {}

    [[nodiscard]] std::string_view name() const override { return inner_->name(); }
    [[nodiscard]] std::vector<topic> inputs() const override { return inner_->inputs(); }
    [[nodiscard]] std::vector<topic> changelogs() const override { return inner_->changelogs(); }
    void assigned(std::int32_t p) override { inner_->assigned(p); }
    result<> restore(const record_view& r) override { return inner_->restore(r); }
    void restored(std::int32_t p, timestamp now) override { inner_->restored(p, now); }
    void revoked(std::int32_t p) override { inner_->revoked(p); }
    void begin_batch(std::uint64_t b) override { inner_->begin_batch(b); }
    result<> process(const record_view& r, timestamp now, emitter& out) override {
        return inner_->process(r, now, out);
    }
    void tick(timestamp now, emitter& out) override { inner_->tick(now, out); }
    [[nodiscard]] std::optional<timestamp> next_tick() const override;
    void commit_batch(std::uint64_t b) override { inner_->commit_batch(b); }
    void rollback_batch(std::uint64_t b) override { inner_->rollback_batch(b); }
    [[nodiscard]] bool wants_input() const override { return inner_->wants_input(); }
    void drain() override { inner_->drain(); }
    [[nodiscard]] bool drained() const override { return inner_->drained(); }

  private:
    std::unique_ptr<web_exchange> through_;
    std::unique_ptr<step> inner_;
};

}  // namespace feedwatch::testing
