package org.dti4j.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dti4j.data.Format;
import org.dti4j.method.Method;
import org.dti4j.method.Targets;
import org.dti4j.problem.UserException;
import org.dti4j.run.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CellsTest {
    private static final Path ROOT = Path.of(System.getProperty("dti.root"));

    @TempDir
    private Path folder;

    private Cells read(String yaml, String... sets) throws IOException {
        Files.writeString(folder.resolve("base.yaml"), "method: {context: 7, targets: 30}\ntrain: {epochs: 4}");
        return Cells.read(Files.writeString(folder.resolve("grid.yaml"), yaml), List.of(sets), ROOT);
    }

    private static final String TWO_ROWS = """
            base: base.yaml
            seeds: [4, 5]
            rates: [0.1, 0.2]
            set: {train.epochs: 2, train.clip: 3}
            rows:
              sw: {name: SW, set: {method.name: sliding-window, method.targets: 1}}
              minus: {set: {method.name: dti-minus}, over: {method.targets: [10, 20]}}
              dti:
                name: "DTI {method.targets}/{train.clip}"
                over: {method.targets: [10, all], train.warmup: [0.1, 0.2]}
                set: {train.clip: 5}
                against: [sw, minus]
            out: here
            """;

    @Test
    void rowsAreExpandedOverTheirValuesAndNamedAfterThem() throws IOException {
        List<Variant> variants = read(TWO_ROWS).grid().variants();
        assertThat(variants)
                .extracting(Variant::id)
                .containsExactly(
                        "sw", "minus-10", "minus-20", "dti-10-0.1", "dti-10-0.2", "dti-all-0.1", "dti-all-0.2");
        assertThat(variants.get(1).name()).isEqualTo("minus, targets 10");
        assertThat(variants.get(5).name()).isEqualTo("DTI all/{train.clip}, warmup 0.1");
    }

    @Test
    void textOfAGridIsTextWhateverYamlWouldMakeOfItAgain() throws IOException {
        Cells cells = read("""
                base: base.yaml
                set: {prompt.item: "\\n{title}: \\"{genres}\\" # new", prompt.yesWord: " Yes", method.prefixDistance: null}
                rows: {dti: {set: {prompt.feedback: "", prompt.instruction: "- {likes}", adapter.modules: "[q_proj, v_proj]"}}}
                """);
        RunConfig config = cells.cell(cells.grid().variants().get(0), null, 1).config();
        assertThat(config.prompt().item()).isEqualTo("\n{title}: \"{genres}\" # new");
        assertThat(config.prompt().feedback()).isEmpty();
        assertThat(config.prompt().instruction()).isEqualTo("- {likes}");
        assertThat(config.prompt().yesWord()).isEqualTo(" Yes");
        assertThat(config.method().prefixDistance()).isNull();
        assertThat(config.adapter().modules()).containsExactly("q_proj", "v_proj");
    }

    @Test
    void aCellIsTheBaseWithTheSettingsOfGridUserAndRow() throws IOException {
        Cells cells = read(TWO_ROWS, "train.patience=9", "train.epochs=3");
        Cell cell = cells.cell(cells.grid().variants().get(6), 0.2, 5);
        RunConfig config = cell.config();
        assertThat(config.method()).isEqualTo(Method.named("dti").withContext(7).withTargets(Targets.ALL));
        assertThat(config.train().epochs()).isEqualTo(3);
        assertThat(config.train().patience()).isEqualTo(9);
        assertThat(config.train().clip()).isEqualTo(5);
        assertThat(config.train().warmup()).isEqualTo(0.2);
        assertThat(config.train().seed()).isEqualTo(5);
        assertThat(config.train().learningRate()).isEqualTo(0.2);
        assertThat(config.out()).isEqualTo(folder.resolve("here/dti-all-0.2-rate0.2-seed5"));
        assertThat(cells.all()).hasSize(7 * 2 * 2);
        assertThat(cells.all()).extracting(each -> each.config().out()).doesNotHaveDuplicates();
        assertThat(cells.all()).extracting(each -> each.config().prepared()).containsOnly(config.prepared());
    }

    @Test
    void aRowIsComparedWithTheSameValueOfAnother() throws IOException {
        Grid grid = read(TWO_ROWS).grid();
        List<Variant> variants = grid.variants();
        assertThat(grid.against(variants.get(0))).isEmpty();
        assertThat(grid.against(variants.get(2))).extracting(Variant::id).containsExactly("sw");
        assertThat(grid.against(variants.get(4))).extracting(Variant::id).containsExactly("sw", "minus-10");
    }

    @Test
    void thereAreThreeSeedsUnlessTheGridSaysOtherwise() throws IOException {
        Cells cells = read("base: base.yaml");
        assertThat(cells.grid().seeds()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(cells.rates()).containsExactly((Double) null);
        assertThat(read(TWO_ROWS, "seeds=[8]", "out=" + folder.resolve("there")).grid())
                .satisfies(grid -> {
                    assertThat(grid.seeds()).containsExactly(8L);
                    assertThat(grid.out()).isEqualTo(folder.resolve("there"));
                });
    }

    @Test
    void everyProblemOfAGridIsTold() {
        assertThatThrownBy(() -> read("""
                        seeds: []
                        rates: [1, 1]
                        set: {train.learningRate: 3}
                        rows:
                          a b: {}
                          c: {against: [d]}
                          e: {set: {train: 7, out: x}}
                        """))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.problems())
                                .anySatisfy(problem -> assertThat(problem).contains("grid.yaml:1: grid.seeds = []"))
                                .anySatisfy(problem -> assertThat(problem).contains("different from each other"))
                                .anySatisfy(problem -> assertThat(problem).contains("a b"))
                                .anySatisfy(problem -> assertThat(problem).contains("rows.c.against = d"))
                                .anySatisfy(problem ->
                                        assertThat(problem).contains("train.learningRate", "the grid has rates"))
                                .anySatisfy(problem -> assertThat(problem).contains("out = set, must be left out")));
    }

    @Test
    void whatTheGridVariesCannotBeSetForAllItsRuns() {
        for (String set : List.of("method.targets=3", "method=dti", "train.seed=1", "train.learningRate=1")) {
            assertThatThrownBy(() -> read(TWO_ROWS, set))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("is what the grid varies");
        }
    }

    @Test
    void aMistakeInACellsConfigurationIsToldAsOfAnyRun() throws IOException {
        Cells cells = read("base: base.yaml\nrows: {a: {set: {method.contxt: 3}}}");
        assertThatThrownBy(() -> cells.cell(cells.grid().variants().get(0), null, 1))
                .hasMessageContaining("method.contxt is not a key; did you mean method.context?");
    }

    static Stream<Path> grids() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("configs/experiments"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void everyGridOfTheProjectIsWhole(Path file) {
        Cells cells = Cells.read(file, List.of(), ROOT);
        assertThat(cells.grid().seeds()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(cells.all()).isNotEmpty().allSatisfy(cell -> {
            if (cell.config().data().format() != Format.MOVIELENS_1M) { // which its terms keep out of the project
                assertThat(cell.config().data().interactions()).exists();
            }
            assertThat(cell.config().train().targetsPerStep())
                    .isEqualTo(cells.all().get(0).config().train().targetsPerStep());
        });
    }
}
