package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Item;
import org.dti4j.data.ItemFile;
import org.dti4j.data.PreparedData;
import org.dti4j.method.Targets;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.score.Interaction;
import org.dti4j.score.Pieces;
import org.dti4j.score.Query;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A finished run, opened from its folder alone, answers as its evaluation did. */
final class ClickScorerTest {
    private static final double ROUNDING = 1e-5;

    @TempDir
    private static Path folder;

    private static final PreparedData DATA = TinyRun.data();
    private static ClickScorer scorer;

    @BeforeAll
    static void train() {
        TinyRun.train(folder);
        scorer = ClickScorer.load(folder, System::nanoTime);
    }

    @AfterAll
    static void close() {
        scorer.close();
    }

    private static List<Interaction> history(int user, int from, int to) {
        History history = DATA.history(user);
        return IntStream.range(from, to)
                .mapToObj(i -> new Interaction(id(history.item(i)), history.label(i), history.rating(i)))
                .toList();
    }

    private static String id(int item) {
        return DATA.items().get(item).id();
    }

    private static List<String> all() {
        return DATA.items().stream().map(item -> item.id()).toList();
    }

    @Test
    void aTargetOfTheTestPartIsScoredAsTheEvaluationScoredIt() {
        ScoredTargets written = PredictionFile.read(new RunFiles(folder).predictions(), DATA);
        assertThat(written.size()).isGreaterThan(10);
        for (int target = 0; target < written.size(); target++) {
            int at = written.interaction(target);
            List<Interaction> before = history(written.user(target), 0, at);
            String candidate = id(DATA.history(written.user(target)).item(at));
            assertThat(scorer.score(before, List.of(candidate))[0])
                    .isEqualTo(written.probability(target), within(ROUNDING));
        }
    }

    @Test
    void candidatesDoNotSeeEachOther() {
        List<Interaction> history = history(0, 0, 6);
        double[] together = scorer.score(history, all());
        assertThat(together).hasSize(30).doesNotHaveDuplicates();
        for (int i = 0; i < together.length; i++) {
            assertThat(scorer.score(history, List.of(id(i)))[0]).isEqualTo(together[i], within(ROUNDING));
        }
    }

    @Test
    void queriesThatAreScoredTogetherAnswerAsTheyDoAlone() {
        List<Query> queries = new ArrayList<>();
        for (int user = 0; user < 5; user++) {
            queries.add(new Query(history(user, 0, user), all().subList(user, 3 * user)));
        }
        List<double[]> together = scorer.score(queries);
        for (int i = 0; i < queries.size(); i++) {
            Query query = queries.get(i);
            assertThat(together.get(i)).hasSize(2 * i);
            assertThat(together.get(i))
                    .containsExactly(scorer.score(query.history(), query.candidates()), within(ROUNDING));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dti", "dti-minus"})
    void piecesAnswerAsTheWholeDoesAndEndWhenNobodyWaits(String method, @TempDir Path other) {
        TinyRun.train(other.resolve("run"), method, 3);
        try (ClickScorer cut = ClickScorer.load(other.resolve("run"), System::nanoTime)) {
            List<Query> queries = new ArrayList<>();
            for (int user = 0; user < 20; user++) {
                queries.add(new Query(history(user % 5, 0, 2 + user / 5), all()));
            }
            AtomicInteger asked = new AtomicInteger();
            List<double[]> inPieces = cut.score(queries, new Pieces(40, () -> asked.incrementAndGet() > 0));
            List<double[]> whole = cut.score(queries);
            for (int i = 0; i < queries.size(); i++) {
                assertThat(inPieces.get(i)).containsExactly(whole.get(i), within(ROUNDING));
            }
            assertThat(asked.get()).as("passes").isGreaterThanOrEqualTo(40);

            AtomicInteger left = new AtomicInteger(5);
            assertThatThrownBy(() -> cut.score(queries, new Pieces(40, () -> left.decrementAndGet() >= 0)))
                    .isInstanceOf(CancellationException.class);
            assertThat(cut.score(queries.subList(0, 1)).get(0))
                    .as("it goes on with other queries")
                    .containsExactly(whole.get(0), within(ROUNDING));
        }
    }

    @Test
    void onlyTheLastInteractionsAreRead() {
        double[] whole = scorer.score(history(1, 0, 20), all());
        int n = scorer.context();
        assertThat(scorer.score(history(1, 20 - n, 20), all())).containsExactly(whole, within(ROUNDING));
        assertThat(scorer.score(history(1, 20 - n + 1, 20), all())).isNotEqualTo(whole);
    }

    @Test
    void whatTheUserLikedMatters() {
        List<Interaction> liked = List.of(new Interaction("i1", true), new Interaction("i2", true));
        List<Interaction> disliked = List.of(new Interaction("i1", false), new Interaction("i2", false));
        assertThat(scorer.score(liked, all())).isNotEqualTo(scorer.score(disliked, all()));
    }

    @Test
    void anItemThatTheCatalogueLacksIsTheCallersMistakeAndAllAreNamed() {
        List<Interaction> history = List.of(new Interaction("none", true));
        assertThatThrownBy(() -> scorer.score(history, List.of("i1", "nothing")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("history[0] = none, must be an item of the run's catalogue (30 items)")
                .hasMessageContaining("candidates[1] = nothing");
        List<String> many = IntStream.range(0, 50).mapToObj(i -> "x" + i).toList();
        assertThatThrownBy(() -> scorer.score(List.of(), many)).hasMessageContaining("… and 40 more");
    }

    @Test
    void anItemIsFoundByItsId() {
        for (Item item : scorer.items()) {
            assertThat(scorer.item(item.id())).containsSame(item);
        }
        assertThat(scorer.item("none")).isEmpty();
    }

    @Test
    void threadsShareIt() throws Exception {
        double[] expected = scorer.score(history(2, 0, 8), all());
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<double[]>> answers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                answers.add(threads.submit(() -> scorer.score(history(2, 0, 8), all())));
            }
            for (Future<double[]> answer : answers) {
                assertThat(answer.get()).containsExactly(expected, within(ROUNDING));
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void closingWaitsForCallsUnderWayAndLaterOnesAreRefused() throws Exception {
        ClickScorer other = ClickScorer.load(folder, System::nanoTime);
        double[] expected = scorer.score(history(2, 0, 8), all());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<double[]>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(threads.submit(() -> answerOrNothing(other)));
            }
            answers.get(0).get();
            other.close();
            other.close();
            for (Future<double[]> answer : answers) {
                assertThat(answer.get())
                        .satisfiesAnyOf(
                                found -> assertThat(found).isEmpty(),
                                found -> assertThat(found).containsExactly(expected, within(ROUNDING)));
            }
            assertThatThrownBy(() -> other.score(List.of(), List.of("i1"))).hasMessage("the scorer is closed");
        } finally {
            threads.shutdown();
        }
    }

    private static double[] answerOrNothing(ClickScorer other) {
        try {
            return other.score(history(2, 0, 8), all());
        } catch (IllegalStateException closed) {
            return new double[0];
        }
    }

    @Test
    void aSessionAnswersAsAQueryOfItsHistoryDoes() {
        try (UserSession session = scorer.session()) {
            for (int i = 0; i <= scorer.context(); i++) {
                assertThat(session.score(all()))
                        .containsExactly(scorer.score(history(3, 0, i), all()), within(ROUNDING));
                session.append(history(3, i, i + 1).get(0));
            }
            long bytes = session.bytes();
            assertThat(bytes).isPositive();
            assertThatThrownBy(() -> session.append(new Interaction("none", true)))
                    .isInstanceOf(UserException.class);
            for (int i = 0; i < 60; i++) {
                session.append(new Interaction("i1", true));
            }
            assertThat(session.bytes()).as("of the last n alone").isLessThan(2 * bytes);
        }
    }

    /** The k = 1 prompts that a pass of the engine reads are what branches are held to, with a trained model. */
    @Test
    void branchesAnswerAsPromptsOfOneTargetDo() {
        try (ClickModel model = ClickModel.load(TinyRun.config(folder), folder, System::nanoTime)) {
            Catalogue catalogue = new Catalogue(
                    DATA.items(), model.segments(), model.config().prompt().feedback(), Progress.SILENT);
            List<Interaction> history = history(4, 0, scorer.context());
            double[] byPrompts = model.scorer(model.config().method().withTargets(new Targets(1)))
                    .score(all().stream()
                            .map(candidate -> catalogue.prompt(history, candidate))
                            .toList());
            assertThat(model.branchScorer(null)).isNotNull();
            assertThat(scorer.score(history, all())).containsExactly(byPrompts, within(ROUNDING));
        }
    }

    @Test
    void theFolderHoldsItsConfigurationAndCatalogue() {
        RunFiles files = new RunFiles(folder);
        assertThat(ScoringFiles.config(files).method())
                .isEqualTo(TinyRun.config(folder).method());
        assertThat(ScoringFiles.config(files).prompt())
                .isEqualTo(TinyRun.config(folder).prompt());
        assertThat(ItemFile.read(files.items())).isEqualTo(DATA.items());
    }

    @Test
    void aFolderWithoutThemIsTheUsersMistake() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> ClickScorer.load(empty, System::nanoTime))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("must be the folder of a finished run");
        ItemFile.write(empty.resolve("items.parquet"), DATA.items());
        Files.writeString(empty.resolve("scoring.json"), "{");
        assertThatThrownBy(() -> ClickScorer.load(empty, System::nanoTime))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void theExampleOfTheDocumentsRunsAndStandsThere() throws IOException {
        double[] found = ScoringExample.run(folder);
        assertThat(found)
                .containsExactly(
                        scorer.score(
                                List.of(
                                        new Interaction("i3", true),
                                        new Interaction("i7", false),
                                        new Interaction("i1", true)),
                                List.of("i4", "i9")),
                        within(ROUNDING));
        assertThat(DoubleStream.of(found)).hasSize(2).allMatch(p -> p > 0 && p < 1);
        Path root = Path.of(System.getProperty("dti.root"));
        String source = Files.readString(root.resolve("core/src/test/java/org/dti4j/run/ScoringExample.java"));
        String example = source.substring(source.indexOf("// example begins"), source.indexOf("// example ends"))
                .lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(line -> line.replaceFirst("^ {8}", ""))
                .collect(Collectors.joining("\n"));
        assertThat(Files.readString(root.resolve("docs/scoring.md"))).contains(example);
    }
}
