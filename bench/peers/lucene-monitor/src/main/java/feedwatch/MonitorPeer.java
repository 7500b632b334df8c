package feedwatch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorConfiguration;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.monitor.TermFilteredPresearcher;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.QueryBuilder;

/**
 * The rules in a Lucene Monitor with its term filter, which looks at the queries only whose terms the text has. Arguments:
 * TEXTS, RULES, DOCUMENTS; a rule is a phrase, or two phrases and a word that must not be there, by tabs. The English analyser
 * without stop words: stems, as the topics do. A tenth of the texts warms it up. Prints what bench_match prints.
 */
public final class MonitorPeer {
    private static Query query(String rule, QueryBuilder words) {
        String[] parts = rule.split("\t");
        if (parts.length == 1) return words.createPhraseQuery("text", rule);
        BooleanQuery either = new BooleanQuery.Builder()
            .add(words.createPhraseQuery("text", parts[0]), BooleanClause.Occur.SHOULD)
            .add(words.createPhraseQuery("text", parts[1]), BooleanClause.Occur.SHOULD).build();
        return new BooleanQuery.Builder().add(either, BooleanClause.Occur.MUST)
            .add(words.createBooleanQuery("text", parts[2]), BooleanClause.Occur.MUST_NOT).build();
    }

    public static void main(String[] args) throws Exception {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        List<String> texts = Files.readAllLines(Path.of(args[0]));
        texts = texts.subList(0, Math.min(texts.size(), Integer.parseInt(args[2])));
        Analyzer analyser = new EnglishAnalyzer(CharArraySet.EMPTY_SET);
        QueryBuilder words = new QueryBuilder(analyser);
        long start = clock.getCurrentThreadCpuTime();
        Monitor monitor = new Monitor(analyser, new TermFilteredPresearcher(), new MonitorConfiguration());
        List<MonitorQuery> rules = new ArrayList<>();
        for (String rule : Files.readAllLines(Path.of(args[1]))) rules.add(new MonitorQuery("r" + rules.size(), query(rule, words)));
        monitor.register(rules);
        double compile = (clock.getCurrentThreadCpuTime() - start) / 1e9;
        long pairs = 0;
        long bytes = 0;
        int warm = texts.size() / 10;
        for (int n = -warm; n < texts.size(); ++n) {
            if (n == 0) {
                pairs = 0;
                bytes = 0;
                start = clock.getCurrentThreadCpuTime();
            }
            String text = texts.get(n < 0 ? -n : n);
            Document document = new Document();
            document.add(new TextField("text", text, Field.Store.NO));
            pairs += monitor.match(document, QueryMatch.SIMPLE_MATCHER).getMatchCount();
            bytes += text.length();
        }
        double seconds = (clock.getCurrentThreadCpuTime() - start) / 1e9;
        System.gc();
        Runtime now = Runtime.getRuntime();
        System.out.printf(Locale.ROOT, "{\"compile_seconds\": %.6f, \"cpu_seconds\": %.6f, \"bytes\": %d, \"documents\": %d, "
            + "\"pairs\": %d, \"memory_bytes\": %d}%n", compile, seconds, bytes, texts.size(), pairs, now.totalMemory() - now.freeMemory());
        monitor.close();
    }
}
