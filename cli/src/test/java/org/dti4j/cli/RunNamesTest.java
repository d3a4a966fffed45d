package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RunNamesTest {
    private static List<String> names(String... folders) {
        return RunNames.of(List.of(folders).stream().map(Path::of).toList());
    }

    @Test
    void foldersOfDifferentNamesHaveThese() {
        assertThat(names("/runs/dti", "/runs/sw")).containsExactly("dti", "sw");
    }

    @Test
    void parentsTellFoldersOfOneNameApart() {
        assertThat(names("/runs/a/x/dti", "/runs/b/x/dti", "/runs/sw"))
                .containsExactly(
                        Path.of("a/x/dti").toString(), Path.of("b/x/dti").toString(), "sw");
        assertThat(names("/dti", "/dti/dti"))
                .containsExactly(Path.of("/dti").toString(), Path.of("dti/dti").toString());
    }

    @Test
    void aFolderThatIsNamedAgainGetsANumber() {
        assertThat(names("/runs/dti", "/runs/x/../dti", "/runs/dti (2)"))
                .containsExactly("dti", "dti (2)", "dti (2) (2)");
    }

    @Test
    void noRunIsNamedLikeABaseline() {
        assertThat(names("/runs/item mean"))
                .containsExactly(Path.of("runs/item mean").toString());
        assertThat(names("/item mean")).containsExactly(Path.of("/item mean").toString());
    }

    @Test
    void theWorkingDirectoryHasItsOwnName() {
        assertThat(names("."))
                .containsExactly(
                        String.valueOf(Path.of("").toAbsolutePath().normalize().getFileName()));
    }
}
