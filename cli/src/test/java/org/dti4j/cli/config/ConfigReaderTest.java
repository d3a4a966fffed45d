package org.dti4j.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ListAssert;
import org.dti4j.cli.config.Fixtures.Count;
import org.dti4j.cli.config.Fixtures.Garden;
import org.dti4j.cli.config.Fixtures.Kind;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ConfigReaderTest {
    @Test
    void anEmptyFileIsAllDefaults() {
        assertThat(Fixtures.read("")).isEqualTo(Garden.defaults());
        assertThat(Fixtures.read("# nothing\nsoil: {}\n")).isEqualTo(Garden.defaults());
    }

    @Test
    void everyKindOfValueIsRead() {
        Garden garden = Fixtures.read("""
                soil:
                  kind: sandy-loam
                  acidity: 6.5
                  watered: true
                  layers: [top, sub]
                  depth: {centimetres: 40, seed: 12345678901}
                plants:
                  perRow: all
                  spacing: 1e-1
                  beds: {north: 3, south: 4}
                out: ../barn
                """);
        assertThat(garden.soil().kind()).isEqualTo(Kind.SANDY_LOAM);
        assertThat(garden.soil().acidity()).isEqualTo(6.5);
        assertThat(garden.soil().watered()).isTrue();
        assertThat(garden.soil().layers()).containsExactly("top", "sub");
        assertThat(garden.soil().depth()).isEqualTo(new Fixtures.Depth(40, 12345678901L));
        assertThat(garden.plants().perRow()).isEqualTo(new Count(Integer.MAX_VALUE));
        assertThat(garden.plants().spacing()).isEqualTo(0.1);
        assertThat(garden.plants().beds()).isEqualTo(Map.of("north", 3, "south", 4));
        assertThat(garden.out()).isEqualTo(Path.of("/barn"));
    }

    @Test
    void whatIsLeftOutOfANestedSectionKeepsItsDefault() {
        assertThat(Fixtures.read("soil: {depth: {seed: 3}}").soil().depth()).isEqualTo(new Fixtures.Depth(10, 3));
    }

    @Test
    void defaultsFollowFromTheName() {
        Garden garden = Fixtures.read("plants: {name: trees, rows: 3}");
        assertThat(garden.plants()).isEqualTo(new Fixtures.Plants("trees", 3, new Count(1), 400.0, Map.of()));
    }

    @Test
    void nullOverridesANullableDefault() {
        assertThat(Fixtures.read("plants: {name: trees, spacing: null}")
                        .plants()
                        .spacing())
                .isNull();
    }

    @Test
    void aSectionOfOneWordSetsItsFirstKey() {
        assertThat(Fixtures.read("plants: trees")).isEqualTo(Fixtures.read("plants: {name: trees}"));
    }

    @Test
    void yesAndNoAreWords() {
        assertThat(Fixtures.read("soil: {layers: [yes, no, on, 12]}").soil().layers())
                .containsExactly("yes", "no", "on", "12");
    }

    @Test
    void allProblemsAreToldAtOnceInTheOrderOfTheFile() {
        problems("""
                soyl: {}
                soil:
                  kind: Clay
                  acidity: 15
                  watered: yes
                  layers: top
                  depth: {centimetres: 0, seed: 1.5}
                plants:
                  rows: many
                  perRow: some
                  row: 3
                """)
                .containsExactly(
                        "garden.yaml:1: soyl is not a key; did you mean soil?",
                        "garden.yaml:3: soil.kind = Clay, must be one of sandy-loam, clay",
                        "garden.yaml:4: soil.acidity = 15.0, must be in [0, 14]",
                        "garden.yaml:5: soil.watered = yes, must be true or false",
                        "garden.yaml:6: soil.layers = top, must be a list, as in [a, b]",
                        "garden.yaml:7: soil.depth.seed = 1.5, must be a whole number",
                        "garden.yaml:7: soil.depth.centimetres = 0, must be >= 1",
                        "garden.yaml:9: plants.rows = many, must be a whole number up to 2147483647",
                        "garden.yaml:10: plants.perRow = some, must be a number or all",
                        "garden.yaml:11: plants.row is not a key; did you mean plants.rows?");
    }

    @Test
    void aKeyOfAnotherSectionIsFoundThere() {
        problems("rows: 3").containsExactly("garden.yaml:1: rows is not a key; did you mean plants.rows?");
        problems("soil: {rows: 3}").containsExactly("garden.yaml:1: soil.rows is not a key; did you mean plants.rows?");
    }

    @Test
    void aKeyLikeNoOtherListsThoseThatThereAre() {
        problems("soil: {weather: fine}")
                .containsExactly("garden.yaml:1: soil.weather is not a key; "
                        + "the keys of soil are kind, acidity, watered, map, layers, depth");
    }

    @Test
    void underscoresAndCaseOfAKeyDoNotHideIt() {
        problems("plants: {per_row: 3}")
                .containsExactly("garden.yaml:1: plants.per_row is not a key; did you mean plants.perRow?");
    }

    @Test
    void quotedNumbersAreText() {
        problems("plants: {rows: \"3\"}")
                .containsExactly("garden.yaml:1: plants.rows = 3, must be a whole number up to 2147483647");
    }

    @Test
    void numbersOutOfRangeAreErrorsAndNotOtherNumbers() {
        problems("plants: {rows: 4294967297}")
                .containsExactly("garden.yaml:1: plants.rows = 4294967297, must be a whole number up to 2147483647");
        problems("soil: {acidity: 1e999}").containsExactly("garden.yaml:1: soil.acidity = 1e999, must be a number");
        problems("soil: {acidity: .nan}").containsExactly("garden.yaml:1: soil.acidity = .nan, must be a number");
    }

    @Test
    void aKeyGivenTwiceIsAnError() {
        problems("soil:\n  kind: clay\n  kind: clay\n").containsExactly("garden.yaml:3: soil.kind is given twice");
    }

    @Test
    void aKeyWithoutAValueIsAnError() {
        problems("plants:\n  rows:\n")
                .containsExactly("garden.yaml:2: plants.rows has no value, must be a whole number up to 2147483647 "
                        + "(or leave the key out)");
    }

    @Test
    void textWithoutAValueIsToldHowEmptyTextIsWritten() {
        problems("plants:\n  name:\n")
                .containsExactly(
                        "garden.yaml:2: plants.name has no value, must be text, \"\" for none (or leave the key out)");
    }

    @Test
    void anUnknownNameIsToldOnce() {
        problems("plants: {name: weeds}").containsExactly("garden.yaml:1: plants.name = weeds, must be herbs or trees");
    }

    @Test
    void whatIsNoYamlIsToldWithItsPlace() {
        problems("soil:\n  kind: [clay\n")
                .singleElement()
                .asString()
                .startsWith("garden.yaml:3, column 1: is not YAML:");
        problems("- soil\n").singleElement().asString().startsWith("garden.yaml: must be a mapping");
    }

    @Test
    void overridesWinAndAreToldByThemselves() {
        assertThat(Fixtures.read("plants: {rows: 3}", "plants.rows=4", "plants.rows=5")
                        .plants()
                        .rows())
                .isEqualTo(5);
        assertThat(Fixtures.read("plants: trees", "plants.rows=4"))
                .isEqualTo(Fixtures.read("plants: {name: trees, rows: 4}"));
        assertThat(Fixtures.read("plants: trees", "plants.name=herbs").plants().name())
                .isEqualTo("herbs");
        assertThat(Fixtures.read("", "soil.layers=[a, b]", "soil.depth.seed=9")
                        .soil()
                        .depth()
                        .seed())
                .isEqualTo(9);
        assertThatThrownBy(() -> Fixtures.read("plants: {rows: 0}", "plants.rows=-1", "plants.rowz=1"))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.problems())
                                .containsExactlyInAnyOrder(
                                        "--set plants.rows=-1: plants.rows = -1, must be >= 1",
                                        "--set plants.rowz=1: plants.rowz is not a key; did you mean plants.rows?"));
    }

    @Test
    void anOverrideWithoutAnEqualsSignSaysWhatOneLooksLike() {
        assertThatThrownBy(() -> Fixtures.read("", "plants.rows"))
                .hasMessage("--set plants.rows: must be section.key=value, as in --set train.epochs=3");
    }

    @Test
    void pathsOfTheFileAreRelativeToItAndThoseOfOverridesToTheWorkingDirectory() {
        assertThat(Fixtures.read("soil: {map: a/b.png}").soil().map()).isEqualTo(Path.of("/farm/a/b.png"));
        assertThat(Fixtures.read("", "soil.map=b.png").soil().map())
                .isEqualTo(Path.of("b.png").toAbsolutePath());
    }

    @Test
    void aBombOfAliasesIsRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, "*a%d,".formatted(i - 1).repeat(9)));
        }
        problems(bomb.toString()).singleElement().asString().contains("aliases");
    }

    @Test
    void aDeepNestIsRefused() {
        problems("a: " + "[".repeat(100_000)).singleElement().asString().contains("nested more than 32 deep");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void hugeValuesAndThousandsOfProblemsAreToldInFewWords() {
        String digits = "9".repeat(1_000_000);
        problems("soil: {acidity: " + digits + "}")
                .singleElement()
                .asString()
                .startsWith("garden.yaml:1: soil.acidity = 999")
                .endsWith("must be a number")
                .hasSizeLessThan(600);
        problems("soil: {kind: " + "x".repeat(500_000) + "}")
                .singleElement()
                .asString()
                .hasSizeLessThan(600);
        problems("x".repeat(500_000)).singleElement().asString().hasSizeLessThan(600);
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            keys.append("key").append(i).append(": 1\n");
        }
        problems(keys.toString()).hasSize(51).last().isEqualTo("garden.yaml: and 19950 more problems");
    }

    @Test
    void aPathOfAnOverrideThatIsDeepIsRefused() {
        String deep = "a" + ".a".repeat(60_000) + "=1";
        assertThatThrownBy(() -> Fixtures.read("", deep))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .asString()
                                .contains("must be section.key=value")
                                .hasSizeLessThan(700));
        assertThatThrownBy(() -> Fixtures.read("", "soil.kind=" + "x".repeat(100_000)))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.getMessage()).hasSizeLessThan(1500));
    }

    @Test
    void tagsMakeNoObjects() {
        problems("soil: !!java.net.URLClassLoader [[!!java.net.URL [\"http://x/\"]]]\n")
                .singleElement()
                .asString()
                .startsWith("garden.yaml:1: soil = a list, must be a mapping");
    }

    @Test
    void missingFoldersAndHugeFilesAreToldPlainly(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(() -> ConfigSource.of(missing)).hasMessageContaining(missing + ": no such file");
        assertThatThrownBy(() -> ConfigSource.of(folder)).hasMessageContaining("is a folder");
        Path huge = Files.write(folder.resolve("huge.yaml"), new byte[2 << 20]);
        assertThatThrownBy(() -> ConfigSource.of(huge)).hasMessageContaining("2,097,152 bytes");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> ConfigSource.of(binary)).hasMessageContaining("is not text in UTF-8");
    }

    @Test
    void whatIsWrittenIsReadBackEqual() {
        Garden garden = Fixtures.read(
                "plants: {name: trees, perRow: all, beds: {a: 1}}\nsoil: {acidity: 1e-4, map: m.png, layers: ['1', 'true', '']}");
        String written = ConfigWriter.write(garden);
        assertThat(Fixtures.read(written)).isEqualTo(garden);
        assertThat(written).contains("perRow: all", "kind: clay", "spacing: 400.0", "out: null");
    }

    private static ListAssert<String> problems(String yaml) {
        try {
            Fixtures.read(yaml);
        } catch (UserException e) {
            return assertThat(e.problems());
        }
        return assertThat(List.of());
    }
}
