package feedwatch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The same job, smaller, as one would write it with Kafka Streams: parse JSON, drop what has the same text (a key lookup, no
 * near duplicates), look for 100 phrases, write JSON. Arguments: bootstrap, from, to, application id, state dir.
 */
public final class Peer {
    private static final class Flag implements Processor<String, String, String, String> {
        private final ObjectMapper json = new ObjectMapper();
        private final List<String> phrases = new ArrayList<>();
        private ProcessorContext<String, String> context;
        private KeyValueStore<String, String> seen;

        @Override
        public void init(ProcessorContext<String, String> with) {
            context = with;
            seen = with.getStateStore("seen");
            for (int i = 0; i < 100; ++i) phrases.add("phrase" + i + " watch" + i);
        }

        @Override
        public void process(Record<String, String> record) {
            try {
                ObjectNode item = (ObjectNode) json.readTree(record.value());
                String text = item.path("text").asText();
                String key = Integer.toHexString(text.hashCode()) + ":" + text.length();
                if (seen.putIfAbsent(key, item.path("id").asText()) != null) return;
                String lower = text.toLowerCase(Locale.ROOT);
                ArrayNode matches = item.putArray("matches");
                for (String phrase : phrases) if (lower.contains(phrase)) matches.add(phrase);
                if (!matches.isEmpty()) context.forward(record.withValue(json.writeValueAsString(item)));
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, args[3]);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, args[4]);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        properties.put("auto.offset.reset", "earliest");
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("seen"), Serdes.String(), Serdes.String()));
        builder.stream(args[1], Consumed.with(Serdes.String(), Serdes.String()))
            .process(Flag::new, "seen")
            .to(args[2], Produced.with(Serdes.String(), Serdes.String()));
        KafkaStreams streams = new KafkaStreams(builder.build(), properties);
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            streams.close(Duration.ofSeconds(10));
            done.countDown();
        }));
        streams.start();
        done.await();
    }
}
