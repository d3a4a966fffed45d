package org.dti4j.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dti4j.model.LlamaConfig;
import org.dti4j.prompt.HuggingFaceTokenizer;

/**
 * A malformed file.
 *
 * @param what is wrong with it
 * @param format what it pretends to be
 * @param content all of it
 * @param expected regular expression that the one message must contain
 */
@SuppressWarnings("ArrayRecordComponent")
record Hostile(String what, Format format, byte[] content, String expected) {
    enum Format {
        SAFETENSORS,
        GGUF,
        CONFIG,
        INDEX,
        ADAPTER,
        TOKENIZER;

        /**
         * Reads content as a file of this format.
         *
         * @param folder for the files that belong to it
         */
        void read(byte[] content, Path folder) throws IOException {
            switch (this) {
                case SAFETENSORS ->
                    SafetensorsFile.open(Files.write(folder.resolve("model.safetensors"), content))
                            .close();
                case GGUF ->
                    Checkpoints.open(Files.write(folder.resolve("model.gguf"), content))
                            .close();
                case CONFIG -> inPlaceOf("config.json", content, GoldenFolders.base("llama"), folder);
                case INDEX -> inPlaceOf("model.safetensors.index.json", content, GoldenFolders.base("llama31"), folder);
                case ADAPTER -> {
                    put("adapter_config.json", content, GoldenFolders.adapter("llama"), folder);
                    LlamaConfig base = HuggingFaceConfig.read(
                                    GoldenFolders.base("llama").resolve("config.json"))
                            .model();
                    PeftFiles.read(folder, base).close();
                }
                case TOKENIZER ->
                    HuggingFaceTokenizer.parse("tokenizer.json", new String(content, StandardCharsets.UTF_8))
                            .close();
            }
        }

        private static void inPlaceOf(String name, byte[] content, Path golden, Path folder) throws IOException {
            put(name, content, golden, folder);
            Checkpoints.open(folder).close();
        }

        private static void put(String name, byte[] content, Path golden, Path folder) throws IOException {
            if (!Files.exists(folder.resolve(name))) {
                GoldenFolders.copy(golden, folder);
            }
            Files.write(folder.resolve(name), content);
        }
    }

    static Hostile text(String what, Format format, String content, String expected) {
        return new Hostile(what, format, content.getBytes(StandardCharsets.UTF_8), expected);
    }

    @Override
    public String toString() {
        return format + ": " + what;
    }
}
