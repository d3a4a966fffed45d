package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dti4j.prompt.PromptConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CutItemsTest {
    @TempDir
    private Path folder;

    private List<String> notes(PromptConfig prompt) {
        List<String> notes = new ArrayList<>();
        TinyRun.job(TinyRun.config(folder).withPrompt(prompt)).notes(notes::add).run(false, () -> true);
        return notes;
    }

    @Test
    void itemsThatAreReadInPartAreTold() {
        PromptConfig oneToken =
                PromptConfig.defaults().with(words -> words.item("{title}").maxItemTokens(1));
        int items = TinyRun.data().items().size();
        assertThat(notes(oneToken))
                .containsExactly(
                        "%d of %d items are longer than prompt.maxItemTokens = 1 tokens; of these the first are read"
                                .formatted(items, items));
    }

    @Test
    void itemsThatAreReadInFullAreNot() {
        assertThat(notes(PromptConfig.defaults())).isEmpty();
    }
}
