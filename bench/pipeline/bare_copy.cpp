// The limit that the pipeline is measured against: a librdkafka consume-transform-produce loop that does no work.
//   bench_bare_copy BOOTSTRAP FROM TO GROUP RECORDS BATCH COMPRESSION
// Copies RECORDS records from one topic to another, BATCH in a transaction, offsets in the transaction, and ends.
#include <librdkafka/rdkafka.h>

#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <utility>

namespace {

using property = std::pair<const char*, const char*>;

rd_kafka_t* make_client(rd_kafka_type_t kind, std::initializer_list<property> properties) {
    char reason[512];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    for (const auto& [name, value] : properties)
        if (rd_kafka_conf_set(conf, name, value, reason, sizeof reason) != RD_KAFKA_CONF_OK) {
            std::fprintf(stderr, "%s: %s\n", name, reason);
            std::exit(1);
        }
    rd_kafka_t* client = rd_kafka_new(kind, conf, reason, sizeof reason);
    if (client == nullptr) {
        std::fprintf(stderr, "%s\n", reason);
        std::exit(1);
    }
    return client;
}

void require(rd_kafka_error_t* e, const char* what) {
    if (e == nullptr) return;
    std::fprintf(stderr, "%s: %s\n", what, rd_kafka_error_string(e));
    std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 8) {
        std::fprintf(stderr, "usage: bench_bare_copy BOOTSTRAP FROM TO GROUP RECORDS BATCH COMPRESSION\n");
        return 2;
    }
    const long wanted = std::atol(argv[5]);
    const long batch = std::atol(argv[6]);
    rd_kafka_t* consumer = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", argv[1]},
                                                           {"group.id", argv[4]},
                                                           {"auto.offset.reset", "earliest"},
                                                           {"enable.auto.commit", "false"},
                                                           {"isolation.level", "read_committed"},
                                                           {"fetch.wait.max.ms", "10"}});
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_t* producer = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", argv[1]},
                                                           {"transactional.id", argv[4]},
                                                           {"linger.ms", "5"},
                                                           {"compression.codec", argv[7]},
                                                           {"batch.size", "262144"},
                                                           {"retry.backoff.ms", "10"},
                                                           {"socket.nagle.disable", "true"}});
    require(rd_kafka_init_transactions(producer, 30'000), "init_transactions");
    rd_kafka_topic_partition_list_t* topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, argv[2], RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(consumer, topics);
    rd_kafka_topic_partition_list_destroy(topics);

    long copied = 0;
    while (copied < wanted) {
        require(rd_kafka_begin_transaction(producer), "begin_transaction");
        long n = 0;
        while (n < batch && copied + n < wanted) {
            rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, n == 0 ? 1000 : 20);
            if (message == nullptr) {
                if (n == 0) continue;
                break;
            }
            if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                const auto e =
                    rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(argv[3]), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                      RD_KAFKA_V_KEY(message->key, message->key_len),
                                      RD_KAFKA_V_VALUE(message->payload, message->len), RD_KAFKA_V_END);
                if (e != RD_KAFKA_RESP_ERR_NO_ERROR)
                    return std::fprintf(stderr, "produce: %s\n", rd_kafka_err2str(e)), 1;
                ++n;
            }
            rd_kafka_message_destroy(message);
        }
        rd_kafka_topic_partition_list_t* offsets = nullptr;
        rd_kafka_assignment(consumer, &offsets);
        rd_kafka_position(consumer, offsets);
        rd_kafka_consumer_group_metadata_t* group = rd_kafka_consumer_group_metadata(consumer);
        require(rd_kafka_send_offsets_to_transaction(producer, offsets, group, 30'000), "send_offsets_to_transaction");
        rd_kafka_consumer_group_metadata_destroy(group);
        rd_kafka_topic_partition_list_destroy(offsets);
        require(rd_kafka_commit_transaction(producer, 30'000), "commit_transaction");
        copied += n;
    }
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    return 0;
}
