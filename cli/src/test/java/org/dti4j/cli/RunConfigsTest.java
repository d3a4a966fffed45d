package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dti4j.cli.config.ConfigSource;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.data.TableColumns;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.method.Method;
import org.dti4j.method.Targets;
import org.dti4j.problem.UserException;
import org.dti4j.run.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunConfigsTest {
    private static final Path ROOT = Path.of(System.getProperty("dti.root"));

    @TempDir
    private Path folder;

    private RunConfig read(String yaml, String... overrides) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), yaml);
        return RunConfigs.read(file, List.of(overrides), ROOT);
    }

    @Test
    void anEmptyFileIsDtiOnTheBundledDataIntoAFolderOfItsName() throws IOException {
        RunConfig config = read("");
        assertThat(config.method()).isEqualTo(Method.named("dti"));
        assertThat(config.data().interactions()).exists().isAbsolute();
        assertThat(config.out()).isEqualTo(Path.of("runs/mine").toAbsolutePath());
    }

    @Test
    void interactionsOfOnesOwnNeedItemsWhicheverTheyAre() throws IOException {
        String bundled = String.valueOf(read("").data().items());
        assertThat(read("", "data.interactions=sub.csv", "data.items=" + bundled)
                        .data()
                        .items())
                .hasToString(bundled);
        String both = "data: {interactions: sub.csv, items: '%s'}".formatted(bundled);
        assertThat(read(both).data().items()).hasToString(bundled);
        String itemsAlone = "data: {items: '%s'}".formatted(bundled);
        for (String yaml : List.of("", itemsAlone)) {
            assertThatThrownBy(() -> read(yaml, "data.interactions=sub.csv"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("data.items is missing");
        }
        assertThatThrownBy(() -> read("data: {interactions: sub.csv}"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("data.items is missing");
    }

    @Test
    void aMethodIsItsNameAndWhatDiffersFromIt() throws IOException {
        RunConfig config = read("method: {name: dti-rope, targets: all, prefixDistance: null}");
        assertThat(config.method().targets()).isEqualTo(Targets.ALL);
        assertThat(config.method().prefixDistance()).isNull();
        assertThat(config.method().sumPosition()).isEqualTo(Method.SumPosition.ROPE);
        assertThat(read("method: sliding-window").method()).isEqualTo(Method.named("sliding-window"));
    }

    @Test
    void quotingIsSwitchedOffByAWord() throws IOException {
        String yaml =
                "data: {format: table, interactions: log.tsv, items: null, labelThreshold: 3, columns: {quote: %s}}";
        TableColumns columns = read(yaml.formatted("none")).data().columns();
        assertThat(columns).isNotNull().returns(TableColumns.Quote.NONE, TableColumns::quote);
        assertThatThrownBy(() -> read(yaml.formatted("off")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("data.columns.quote = off, must be one of double, none");
    }

    @Test
    void sectionsOfOneWordAreTheirMainKey() throws IOException {
        RunConfig config = read("adapter: none\nmodel: nano", "method=dti-isolated");
        assertThat(config.adapter().kind()).isEqualTo(AdapterConfig.Kind.NONE);
        assertThat(config.model().name()).isEqualTo("nano");
        assertThat(config.method()).isEqualTo(Method.named("dti-isolated"));
    }

    @Test
    void aCheckpointIsFoundFromTheFileThatNamesIt() throws IOException {
        Files.createDirectory(folder.resolve("checkpoint"));
        assertThat(read("model: checkpoint").model().name())
                .isEqualTo(folder.resolve("checkpoint").toString());
    }

    @Test
    void aCheckpointOfTheCommandLineIsFoundFromTheWorkingDirectory() throws IOException {
        Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
        Path fromHere = Path.of("").toAbsolutePath().relativize(checkpoint.toAbsolutePath());
        for (String key : List.of("model=", "model.name=")) {
            assertThat(read("model: nano", key + fromHere).model().name()).isEqualTo(checkpoint.toString());
            assertThat(read("model: nano", key + "checkpoint").model().name()).isEqualTo("checkpoint");
        }
        assertThat(read("model: checkpoint", "model.threads=1").model().name()).isEqualTo(checkpoint.toString());
    }

    @Test
    void theWrittenConfigurationReadsBackEqualFromAnywhere() throws IOException {
        RunConfig config = read("""
                method: {name: dti, targets: 30, context: 7}
                prompt: {item: "\\n{title}: \\"{genres}\\"", feedback: ""}
                train: {learningRate: 3e-4, maxTargets: 100000}
                out: here
                """);
        ConfigSource written = new ConfigSource("config.yaml", RunConfigs.write(config), Path.of("/elsewhere"));
        assertThat(RunConfigs.read(written, List.of(), RunConfigs.defaults(ROOT, Path.of("other"))))
                .isEqualTo(config);
        assertThat(written.text()).contains("targets: 30\n", "learningRate: 3.0E-4");
    }

    @Test
    void runsOfTheSameDataSectionShareTheirPreparedFolder() throws IOException {
        Path prepared = read("out: a").prepared();
        assertThat(read("out: b\nmethod: sliding-window").prepared()).isEqualTo(prepared);
        assertThat(read("out: b\ndata: {minimumInteractions: 7}").prepared()).isNotEqualTo(prepared);
        assertThat(read("prepared: there").prepared()).isEqualTo(folder.resolve("there"));
    }

    @Test
    void problemsOfNestedSectionsPointAtTheirLine() {
        assertThatThrownBy(() -> read("data:\n  split:\n    train: 0.9\n    validaton: 0.1\n"))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.problems())
                                .anySatisfy(
                                        problem -> assertThat(problem)
                                                .contains(
                                                        "mine.yaml:4: data.split.validaton is not a key; did you mean data.split.validation?"))
                                .anySatisfy(problem -> assertThat(problem).contains("train + validation + test")));
    }
}
