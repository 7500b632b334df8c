// Private: what becomes visible together, and how it is made durable.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/sink.hpp"
#include "core/step.hpp"

namespace feedwatch::kafka {

struct output {
    output_record record;
    std::string traceparent;  // empty: none
};

struct batch {
    std::uint64_t number = 0;
    std::vector<output> outputs;
    std::vector<position> next;  // of the stage's inputs, once this batch is committed
    std::uint32_t records = 0;   // taken from the inputs
    std::size_t bytes = 0;       // read and written
};

enum class verdict {
    committed,
    aborted,  // certainly nothing of it is visible
    unknown,  // the producer was lost: whether it was committed is for the committed offsets to say
};

struct outcome {
    verdict what = verdict::committed;
    error why;
    bool fenced = false;          // by another instance, or by idling past the transaction's timeout
    bool blames_records = false;  // a record of the batch may be the cause
    bool give_up = false;         // trying again does not help before an operator acts
};

// Called from one thread at a time.
class committer {
  public:
    virtual ~committer() = default;
    // Makes it usable, at first and after `unknown`: fences predecessors, resolves what they left open. Retryable
    // errors are tried again by the caller.
    virtual result<> open() = 0;
    virtual outcome commit(const batch& what) = 0;
};

}  // namespace feedwatch::kafka
