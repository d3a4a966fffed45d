package org.dti4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.dti4j.checkpoint.PeftAdapter;
import org.dti4j.checkpoint.PeftFiles;
import org.dti4j.checkpoint.WholeWeights;
import org.dti4j.data.Item;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
import org.dti4j.problem.Problems;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Devices;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.PrecisionProbe;
import org.dti4j.tensor.Threads;
import org.jspecify.annotations.Nullable;

/** Puts a {@link ClickModel} together: which base, which adapter, what is trained, where and in what precision. */
final class ModelLoader {
    private ModelLoader() {}

    static BaseModel base(RunConfig config, List<Item> catalogue) {
        return isNano(config)
                ? BaseModel.nano(catalogue, config)
                : BaseModel.open(Path.of(config.model().name()));
    }

    /** The model before training. */
    static ClickModel start(RunConfig config, BaseModel base, LongSupplier clock) {
        boolean nano = isNano(config);
        Path adapter = config.adapter().path();
        return build(config, base, nano ? null : adapter, nano || trainsAllWeights(config), clock);
    }

    private static boolean isNano(RunConfig config) {
        return config.model().name().equals(BaseModel.NANO);
    }

    /** The model as a run left it, and in its precision if the configuration does not say another: so it answers as it was tested. */
    static ClickModel load(RunConfig given, Path run, LongSupplier clock) {
        RunFiles files = new RunFiles(run);
        RunConfig config =
                Files.exists(files.provenance()) ? Provenance.read(files).settled(given) : given;
        if (Files.isDirectory(files.model())) {
            return build(config, BaseModel.open(files.model()), null, true, clock);
        }
        if (!Files.isDirectory(files.adapter())) {
            throw new UserException(
                    "%s: holds neither adapter/ nor model/, must be the folder of a finished run".formatted(run));
        }
        return build(config, checkpoint(config, run), files.adapter(), false, clock);
    }

    private static BaseModel checkpoint(RunConfig config, Path run) {
        Path checkpoint = Path.of(config.model().name());
        if (!Files.exists(checkpoint)) {
            throw new UserException(
                    "%s: the checkpoint of its adapter is not at %s, must be where model.name says; if it lies elsewhere now: --set model.name=…"
                            .formatted(run, checkpoint));
        }
        return BaseModel.open(checkpoint);
    }

    private static boolean trainsAllWeights(RunConfig config) {
        return config.adapter().kind() == AdapterConfig.Kind.NONE;
    }

    private static ClickModel build(
            RunConfig config, BaseModel base, @Nullable Path adapter, boolean allWeights, LongSupplier clock) {
        Devices.require(config.model().device(), "model.device");
        Threads.use(config.model().threads());
        Placement placement = new Placement(
                precision(config, allWeights, clock), config.model().device());
        try {
            if (allWeights) {
                return new ClickModel(config, base, WholeWeights.NONE, null, placement).trainAllWeights();
            }
            return adapter == null
                    ? new ClickModel(
                                    config,
                                    base,
                                    WholeWeights.NONE,
                                    Lora.fresh(config.adapter(), config.train().seed(), placement),
                                    placement)
                            .trainAdapter(new TreeMap<>())
                    : fromAdapter(config, base, adapter, placement);
        } catch (RuntimeException e) {
            base.close();
            throw e;
        }
    }

    private static ClickModel fromAdapter(RunConfig config, BaseModel base, Path folder, Placement placement) {
        try (PeftAdapter adapter = PeftFiles.read(folder, base.weights().config())) {
            if (folder.equals(config.adapter().path())) {
                requireDescribed(config.adapter(), adapter);
            }
            Lora lora = Lora.from(
                    (path, outputs, inputs) -> {
                        PeftAdapter.Pair pair = adapter.modules().get(path);
                        return pair == null ? null : new Lora.Start(pair.a(), pair.b(), pair.scale());
                    },
                    placement);
            ClickModel model = new ClickModel(config, base, adapter.whole(), lora, placement);
            return model.trainAdapter(adapter.tokenRows());
        }
    }

    /** An adapter that training begins with is as its file says: a configuration that says otherwise would be a false record of the run. */
    private static void requireDescribed(AdapterConfig config, PeftAdapter adapter) {
        List<String> modules = AdapterConfig.ALL_MODULES.stream()
                .filter(module -> adapter.modules().keySet().stream().anyMatch(path -> path.endsWith("." + module)))
                .toList();
        String as = ", as in " + config.path();
        Problems.in("adapter")
                .require(config.rank() == adapter.rank(), "rank", config.rank(), adapter.rank() + as)
                .require(config.alpha() == adapter.alpha(), "alpha", config.alpha(), adapter.alpha() + as)
                .require(
                        Set.copyOf(config.modules()).equals(Set.copyOf(modules)),
                        "modules",
                        config.modules(),
                        modules + as)
                .throwIfAny();
    }

    /** What training computes in, by configuration or by measurement. */
    static Precision precision(RunConfig config, LongSupplier clock) {
        return precision(config, isNano(config) || trainsAllWeights(config), clock);
    }

    /** All weights are trained in float32: there are no float32 copies of bfloat16 weights for the optimiser to keep. */
    private static Precision precision(RunConfig config, boolean allWeights, LongSupplier clock) {
        return switch (config.model().precision()) {
            case FLOAT32 -> Precision.FLOAT32;
            case AUTO ->
                allWeights
                        ? Precision.FLOAT32
                        : PrecisionProbe.faster(config.model().device(), clock);
            case BFLOAT16 -> {
                if (allWeights) {
                    throw new UserException(
                            "model.precision = bfloat16, must be float32 or auto where all weights are trained");
                }
                yield Precision.BFLOAT16;
            }
        };
    }
}
