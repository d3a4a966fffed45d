package org.dti4j.run;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.checkpoint.WholeWeights;
import org.dti4j.data.Item;
import org.dti4j.engine.Branches;
import org.dti4j.engine.Engine;
import org.dti4j.engine.SharedStates;
import org.dti4j.lora.Lora;
import org.dti4j.method.Method;
import org.dti4j.model.LinearMap;
import org.dti4j.model.Llama;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.prompt.SegmentTokenizer;
import org.dti4j.prompt.Stream;
import org.dti4j.score.BranchScorer;
import org.dti4j.score.Scorer;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Workers;
import org.dti4j.train.Hands;
import org.dti4j.train.LlamaLearner;
import org.jspecify.annotations.Nullable;

/** An LLM that predicts clicks: a base model, what is trained of it, and how its prompts are written. Owns all of them. */
public final class ClickModel implements AutoCloseable {
    private final RunConfig config;
    private final BaseModel base;
    private final Llama llama;
    private final Engine engine;
    private final Workers workers;
    private final @Nullable Lora lora;
    private final SegmentTokenizer segments;
    private final PromptVocabulary vocabulary;
    private final SortedMap<String, Tensor> parameters = new TreeMap<>();
    /** What the adapter that training began with brings whole; it stays as it is, and is saved with the new adapter. */
    private final WholeWeights whole;

    private Llama.@Nullable TrainedRows tokenRows;

    ClickModel(RunConfig config, BaseModel base, WholeWeights replaced, @Nullable Lora lora, Placement placement) {
        this.config = config;
        this.base = base;
        this.lora = lora;
        segments = new SegmentTokenizer(config.prompt(), base.tokenizer());
        vocabulary = PromptVocabulary.of(config.prompt(), base.tokenizer());
        requireRows(vocabulary, base.weights().config().vocabulary());
        llama = Llama.load(replaced.over(base.weights()), placement, lora == null ? LinearMap.Factory.PLAIN : lora);
        whole = replaced.in(llama.weights());
        engine = new Engine(llama, lora);
        workers = Workers.start();
    }

    private static void requireRows(PromptVocabulary vocabulary, int rows) {
        if (vocabulary.sum() >= rows || vocabulary.yes() >= rows || vocabulary.no() >= rows) {
            throw new UserException(
                    "prompt.sum, prompt.yesWord, prompt.noWord are the tokens %d, %d, %d, must be below the %d rows of the model's embedding"
                            .formatted(vocabulary.sum(), vocabulary.yes(), vocabulary.no(), rows));
        }
    }

    /**
     * The model before training, without a look at the machine's memory.
     *
     * @param catalogue what the vocabulary of {@code nano} is made of
     * @param clock nanoseconds, to measure which precision is faster
     */
    public static ClickModel start(RunConfig config, List<Item> catalogue, LongSupplier clock) {
        return ModelLoader.start(config, ModelLoader.base(config, catalogue), clock);
    }

    /** The model before training, if the machine can hold it: that is known before its weights are read. */
    static ClickModel start(RunConfig config, List<Item> catalogue, Host host) {
        BaseModel base = ModelLoader.base(config, catalogue);
        try {
            MemoryCheck.of(config, host).weights(base.weights().config());
        } catch (RuntimeException e) {
            base.close();
            throw e;
        }
        return ModelLoader.start(config, base, host::nanoTime);
    }

    /** The model as a run left it. */
    public static ClickModel load(RunConfig config, Path run, LongSupplier clock) {
        return ModelLoader.load(config, run, clock);
    }

    ClickModel trainAllWeights() {
        llama.weights().forEach((name, weight) -> {
            weight.set_requires_grad(true);
            parameters.put(name, weight);
        });
        return this;
    }

    /** @param rows of the embedding that were trained before, by token id; that of [SUM] is trained in any case */
    ClickModel trainAdapter(SortedMap<Integer, Tensor> rows) {
        if (lora == null) {
            throw new IllegalStateException("no adapter");
        }
        parameters.putAll(lora.parameters());
        TreeSet<Integer> tokens = new TreeSet<>(rows.keySet());
        tokens.add(vocabulary.sum());
        int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
        Tensor leaf = TokenRows.leaf(llama, ids, rows, config.model().device());
        parameters.put(Llama.TrainedRows.NAME, leaf);
        tokenRows = new Llama.TrainedRows(new Llama.TrainedRows.Ids(ids), leaf);
        llama.trainRows(tokenRows);
        return this;
    }

    public RunConfig config() {
        return config;
    }

    public Llama llama() {
        return llama;
    }

    public PromptVocabulary vocabulary() {
        return vocabulary;
    }

    public SegmentTokenizer segments() {
        return segments;
    }

    /** What is trained: float32 leaves, by name. */
    public SortedMap<String, Tensor> parameters() {
        return parameters;
    }

    /** How many micro-batches of a step are trained at a time. */
    int workers() {
        return workers.count();
    }

    /** What trains it, or this process's share of it. */
    LlamaLearner learner(Method method, Function<Stream, Prompt> prompts, ToIntFunction<Stream> tokens, Hands hands) {
        double dropout = lora == null ? 0 : config.adapter().dropout();
        return new LlamaLearner(engine, parameters, method, vocabulary, prompts, tokens, dropout, workers, hands);
    }

    /** A scorer over the weights as they are now, with the given layout of targets. */
    public Scorer scorer(Method method) {
        return new Scorer(engine, method, vocabulary, config.evaluate().tokensPerBatch(), workers);
    }

    /**
     * Keys and values that users can share; null where there are none, or none shall be kept, or they would lie in another memory than the
     * model. The caller closes it before this.
     */
    ItemStates.@Nullable Lease sharedStates(ItemStates items) {
        if (!llama.placement().onProcessor()
                || !items.keeps()
                || !config.method().isExact()
                || segments.prefix().length == 0) {
            return null;
        }
        return items.lease(WeightsFingerprint.of(this, lora), llama.config(), llama.placement());
    }

    /**
     * A scorer that computes the context of a request once for all its candidates; null where the method cannot be scored so.
     *
     * @param shared of this model; null for none
     */
    @Nullable
    BranchScorer branchScorer(@Nullable SharedStates shared) {
        Method method = config.method();
        if (!Branches.supports(method) || segments.prefix().length == 0) {
            return null;
        }
        Branches branches = new Branches(llama, lora, method, segments.prefix(), vocabulary.sum(), shared);
        return new BranchScorer(branches, vocabulary, config.evaluate().tokensPerBatch(), workers);
    }

    /** SHA-256 of the checkpoint that training began with, null for the embedded model. */
    public @Nullable String checkpointHash() {
        return base.hash();
    }

    /** Text of token ids, for people to read. */
    public String decode(int[] ids) {
        return base.tokenizer().decode(ids);
    }

    /** The weights that an adapter replaced, and now has beside it, with these rows of the embedding put into it where PEFT takes no rows. */
    WholeWeights whole(SortedMap<Integer, Tensor> rows) {
        return whole.excludesRows(base.weights().config()) ? whole.withRows(llama.embedding(), rows) : whole;
    }

    /** Writes what was trained into a run folder: {@code adapter/} or {@code model/}. */
    public void save(RunFiles files) {
        TrainedFiles.write(files, this, lora, base, tokenRows);
    }

    @Override
    public void close() {
        workers.close();
        if (lora != null) {
            lora.close();
            Tensor row = parameters.get(Llama.TrainedRows.NAME);
            if (row != null) {
                row.close();
            }
        }
        llama.close();
        base.close();
    }
}
