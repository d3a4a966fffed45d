package org.dti4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HuggingFaceTokenizerTest {
    private static final String NANO = WordLevelVocabulary.build(List.of(), PromptConfig.defaults(), 1, 0);

    @Test
    void readsAFolderAndAFileAlike(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), NANO);
        try (Tokenizer fromFolder = HuggingFaceTokenizer.open(folder);
                Tokenizer fromFile = HuggingFaceTokenizer.open(file)) {
            assertThat(fromFolder.encode("Answer yes or no."))
                    .hasSize(5)
                    .isEqualTo(fromFile.encode("Answer yes or no."));
        }
    }

    @Test
    void addsNothingAndCutsNothingWhateverTheFileSays() {
        String json = NANO.replace(
                        "\"truncation\":null",
                        "\"truncation\":{\"direction\":\"Right\",\"max_length\":2,\"strategy\":\"LongestFirst\",\"stride\":0}")
                .replace(
                        "\"padding\":null",
                        "\"padding\":{\"strategy\":{\"Fixed\":9},\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
                                + "\"pad_id\":1,\"pad_type_id\":0,\"pad_token\":\"[PAD]\"}");
        assertThat(json).contains("max_length", "Fixed");
        try (Tokenizer tokenizer = HuggingFaceTokenizer.parse("test", json)) {
            assertThat(tokenizer.encode("yes or no")).hasSize(3);
            assertThat(tokenizer.encode("")).isEmpty();
            assertThat(tokenizer.decode(tokenizer.encode("yes or no"))).isEqualTo("yes or no");
        }
    }

    @Test
    void knowsWhatATextBeginsWith() {
        try (Tokenizer tokenizer = HuggingFaceTokenizer.parse("test", NANO)) {
            assertThat(tokenizer.beginning())
                    .containsExactly(tokenizer.id("[BOS]").orElseThrow());
        }
    }

    @Test
    void vocabularyIsToldBothWays() {
        try (Tokenizer tokenizer = HuggingFaceTokenizer.parse("test", NANO)) {
            for (int id = 0; id < tokenizer.size(); id++) {
                assertThat(tokenizer.id(tokenizer.token(id))).hasValue(id);
            }
            assertThat(tokenizer.id("nowhere")).isEmpty();
            assertThat(tokenizer.addedTokens()).containsExactly("[UNK]", "[PAD]", "[BOS]", "[SUM]");
        }
    }

    @Test
    void missingAndBrokenFilesAreTheUsersMistakes(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> HuggingFaceTokenizer.open(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("tokenizer.json: no such file");
        for (String wrong : List.of("{", "{}", "[]", "{\"model\":{\"type\":\"Nonsense\",\"vocab\":{\"a\":0}}}")) {
            Path file = Files.writeString(folder.resolve("wrong.json"), wrong);
            assertThatThrownBy(() -> HuggingFaceTokenizer.open(file))
                    .as(wrong)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("wrong.json: ");
        }
    }

    @Test
    void closedTokenizersSaySo() {
        Tokenizer tokenizer = HuggingFaceTokenizer.parse("test", NANO);
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("yes")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothingIsSentToAnybody() {
        HuggingFaceTokenizer.parse("test", NANO).close();
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
        assertThat(System.getProperty("RUST_FLAVOR")).isEqualTo("cpu");
    }
}
