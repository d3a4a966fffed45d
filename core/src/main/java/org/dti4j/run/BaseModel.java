package org.dti4j.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.dti4j.checkpoint.Checkpoint;
import org.dti4j.checkpoint.Checkpoints;
import org.dti4j.checkpoint.TokenizerSource;
import org.dti4j.data.Item;
import org.dti4j.file.Checksum;
import org.dti4j.file.FileFailure;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.ModelConfig;
import org.dti4j.model.RandomWeights;
import org.dti4j.model.Weights;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.GgufTokenizer;
import org.dti4j.prompt.HuggingFaceTokenizer;
import org.dti4j.prompt.Tokenizer;
import org.dti4j.prompt.WordLevelVocabulary;
import org.jspecify.annotations.Nullable;

/**
 * What training starts from: weights, and the tokenizer that belongs to them.
 *
 * @param tokenizerJson the {@code tokenizer.json} in full
 */
record BaseModel(Weights weights, Tokenizer tokenizer, String tokenizerJson) implements AutoCloseable {
    /** The name of the embedded model. */
    static final String NANO = "nano";

    static final int NANO_WORDS = 8000;
    /** The embedded model has no longest context of its own; RoPE goes on, and windows are short. */
    private static final int NANO_CONTEXT_TOKENS = 1 << 15;
    /** Published ones have up to some 30 MiB. */
    private static final long LARGEST_TOKENIZER = 256L << 20;

    private static final int NANO_LEAST_COUNT = 1;
    /** From .1 it learns later what films are, from .01 too (LOG.md, "Starts, heads, and pairs of films"). */
    private static final double NANO_EMBEDDING_DEVIATION = 0.03;

    /** The embedded model: a small Llama of random weights, and a word-level vocabulary of the catalogue's texts. */
    static BaseModel nano(List<Item> catalogue, RunConfig config) {
        String json = WordLevelVocabulary.build(catalogue, config.prompt(), NANO_LEAST_COUNT, NANO_WORDS);
        Tokenizer tokenizer = HuggingFaceTokenizer.parse("the vocabulary of nano", json);
        LlamaConfig shape = nanoShape(tokenizer.size(), config.model());
        return new BaseModel(
                new RandomWeights(shape, config.train().seed(), NANO_EMBEDDING_DEVIATION), tokenizer, json);
    }

    static LlamaConfig nanoShape(int vocabulary, ModelConfig model) {
        int heads = model.nanoHeads();
        return new LlamaConfig(
                vocabulary, 128, 352, model.nanoLayers(), heads, heads, 32, 1e-6, 10000, null, false, false, true);
    }

    /** A checkpoint's folder or GGUF file. */
    static BaseModel open(Path path) {
        if (!Files.exists(path)) {
            throw new UserException(
                    "model.name = %s, must be nano, a Hugging Face folder, a GGUF file, or a model of the hub that was fetched before (dti model fetch %s)"
                            .formatted(path, path));
        }
        Checkpoint checkpoint = Checkpoints.open(path);
        try {
            String json = tokenizerJson(path, checkpoint.tokenizer());
            Tokenizer tokenizer = HuggingFaceTokenizer.parse(path.toString(), json);
            requireFits(path, tokenizer, checkpoint.config().vocabulary());
            return new BaseModel(checkpoint, tokenizer, json);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /**
     * A tokenizer of another model would give ids that this one has no row for. Added tokens beyond the rows are known of published
     * checkpoints; they do no harm until a prompt holds one.
     */
    private static void requireFits(Path path, Tokenizer tokenizer, int rows) {
        long added = tokenizer.addedTokens().stream()
                .filter(token -> tokenizer.id(token).orElse(-1) >= rows)
                .count();
        if (tokenizer.size() - added > rows) {
            int size = tokenizer.size();
            tokenizer.close();
            throw new UserException(
                    "%s: the tokenizer has %,d tokens, the embedding %,d rows, must not be fewer: the tokenizer is another model's"
                            .formatted(path, size, rows));
        }
    }

    private static String tokenizerJson(Path path, TokenizerSource source) {
        if (source instanceof TokenizerSource.HuggingFace folder) {
            requireReadable(folder.file());
            return RunFiles.readText(folder.file());
        }
        if (source instanceof TokenizerSource.Gguf gguf) {
            return GgufTokenizer.toJson(gguf.data());
        }
        throw new UserException("%s: has no tokenizer (%s)".formatted(path, source.summary()));
    }

    /** It is held whole. */
    private static void requireReadable(Path file) {
        try {
            long size = Files.size(file);
            if (size > LARGEST_TOKENIZER) {
                throw new UserException("%s: has %,d bytes, must be at most %,d for a tokenizer"
                        .formatted(file, size, LARGEST_TOKENIZER));
            }
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    /** The longest distance between two tokens that the weights were made for. */
    int contextTokens() {
        return weights instanceof Checkpoint checkpoint
                ? checkpoint.inspection().contextTokens()
                : NANO_CONTEXT_TOKENS;
    }

    /** Files that belong beside weights which were made of these. */
    List<Path> companions() {
        return weights instanceof Checkpoint checkpoint ? checkpoint.companions() : List.of();
    }

    /** SHA-256 of the checkpoint's weights and of its tokenizer; null for the embedded model, which its seed and the catalogue make. */
    @Nullable
    String hash() {
        if (!(weights instanceof Checkpoint checkpoint)) {
            return null;
        }
        MessageDigest digest = Checksum.sha256();
        for (Path file : checkpoint.files()) {
            try {
                digest.update(Checksum.of(file).getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw FileFailure.unreadable(file, e);
            }
        }
        digest.update(tokenizerJson.getBytes(StandardCharsets.UTF_8));
        return Checksum.hex(digest);
    }

    @Override
    public void close() {
        tokenizer.close();
        weights.close();
    }
}
