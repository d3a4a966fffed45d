package org.dti4j.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/** Puts an adapter together from its settings and its file of weights, after everything was checked against the base model. */
final class PeftReader {
    private static final String PREFIX = "base_model.model.";
    private static final Pattern KEY = Pattern.compile(
            "base_model\\.model\\.(.+)\\.(lora_A\\.weight|lora_B\\.weight|token_adapter\\.trainable_tokens_delta)");
    private static final Pattern PROJECTION = Pattern.compile("model\\.layers\\.\\d+\\.(self_attn|mlp)\\.\\w+_proj");
    private static final String EMBEDDING = "model.embed_tokens";

    private final SafetensorsFile file;
    private final PeftSettings settings;
    private final LlamaConfig base;
    private final FileProblems problems;
    private final Map<String, StoredTensor> inner = new LinkedHashMap<>();
    private final Map<String, StoredTensor> outer = new LinkedHashMap<>();
    private final SortedMap<String, StoredTensor> whole = new TreeMap<>();
    private @Nullable StoredTensor rows;

    PeftReader(SafetensorsFile file, PeftSettings settings, LlamaConfig base) {
        this.file = file;
        this.settings = settings;
        this.base = base;
        this.problems = new FileProblems(file.path());
    }

    PeftAdapter read() {
        file.tensors().values().forEach(this::sort);
        checkModules();
        checkTokens();
        new PeftWholeCheck(settings, base, problems).check(whole, inner.keySet());
        problems.throwIfAny();
        Map<String, PeftAdapter.Pair> modules = new LinkedHashMap<>();
        inner.forEach((module, a) -> modules.put(module, pair(module, a)));
        return new PeftAdapter(
                settings.rank(),
                settings.alpha(),
                settings.rankStabilised(),
                settings.dropout(),
                settings.baseModel(),
                modules,
                tokenRows(),
                wholeWeights());
    }

    private void sort(StoredTensor stored) {
        problems.require(
                stored.type().scalarType() != null,
                "tensor %s has type %s, must be %s".formatted(stored.name(), stored.type(), StoredType.READABLE));
        Matcher key = KEY.matcher(stored.name());
        if (!key.matches()) {
            sortWhole(stored);
            return;
        }
        String module = inDecoder(key.group(1));
        switch (key.group(2)) {
            case "lora_A.weight" -> inner.put(module, stored);
            case "lora_B.weight" -> outer.put(module, stored);
            default -> {
                problems.require(
                        module.equals(EMBEDDING),
                        "tensor %s: only rows of embed_tokens can be trained".formatted(stored.name()));
                rows = stored;
            }
        }
    }

    private void sortWhole(StoredTensor stored) {
        String name = stored.name().startsWith(PREFIX) ? inDecoder(stored.name().substring(PREFIX.length())) : "";
        int end = name.lastIndexOf('.');
        boolean tied = settings.keepsTying() && base.tiedHead() && name.equals(LlamaTensors.HEAD);
        if (tied || (end > 0 && settings.isWhole(name.substring(0, end)))) {
            whole.put(name, stored);
        } else {
            problems.add(
                    "tensor %s is unknown, and modules_to_save does not name its module; an adapter without it would answer differently"
                            .formatted(stored.name()));
        }
    }

    /** An adapter of the bare decoder lacks the name of the module that holds it. */
    private static String inDecoder(String name) {
        return name.startsWith("layers.") || name.startsWith("embed_tokens") || name.startsWith("norm.")
                ? "model." + name
                : name;
    }

    private void checkModules() {
        Map<String, List<Long>> shapes = LlamaTensors.shapes(base);
        TreeSet<String> all = new TreeSet<>(inner.keySet());
        all.addAll(outer.keySet());
        for (String module : all) {
            StoredTensor a = inner.get(module);
            StoredTensor b = outer.get(module);
            List<Long> shape = shapes.get(module + ".weight");
            if (a == null || b == null) {
                problems.add("module %s has only one of lora_A and lora_B".formatted(module));
            } else if (shape == null || !PROJECTION.matcher(module).matches()) {
                problems.add("module %s has an adapter, must be a projection of one of the base's %d layers"
                        .formatted(module, base.layers()));
            } else {
                long rank = (long) settings.rankOf(module);
                checkShape(a, List.of(rank, shape.get(1)));
                checkShape(b, List.of(shape.get(0), rank));
            }
        }
        for (String target : settings.targets()) {
            problems.require(
                    all.stream().anyMatch(module -> module.equals(target) || module.endsWith("." + target)),
                    "has no adapter for %s, which target_modules names".formatted(target));
        }
    }

    private void checkShape(StoredTensor stored, List<Long> shape) {
        problems.require(
                stored.shape().equals(shape),
                "tensor %s has shape %s, must be %s by the base model and the rank"
                        .formatted(stored.name(), stored.shape(), shape));
    }

    private void checkTokens() {
        int count = settings.tokens().size();
        if (rows != null) {
            checkShape(rows, List.of((long) count, (long) base.width()));
        } else {
            problems.require(count == 0, "has no rows for the %d tokens of trainable_token_indices".formatted(count));
        }
        for (int token : settings.tokens()) {
            problems.require(
                    token < base.vocabulary(),
                    "trainable_token_indices has %d, must be below the base's vocabulary of %d"
                            .formatted(token, base.vocabulary()));
        }
    }

    private PeftAdapter.Pair pair(String module, StoredTensor a) {
        StoredTensor b = outer.get(module);
        if (b == null) {
            throw new IllegalStateException(module + " was checked to have both halves");
        }
        double scale = PeftAdapter.scale(settings.alphaOf(module), settings.rankOf(module), settings.rankStabilised());
        return new PeftAdapter.Pair(copy(a), copy(b), scale);
    }

    /** A copy in memory of its own: adapters are trained on, and their file may be written anew meanwhile. */
    private Tensor copy(StoredTensor stored) {
        try (Scope scope = Scope.open()) {
            return scope.own(file.read(stored, Precision.FLOAT32).clone());
        }
    }

    /** A head that is tied to the embedding is stored too, as the same numbers. */
    private WholeWeights wholeWeights() {
        boolean keepsTying = settings.keepsTying() && base.tiedHead();
        SortedMap<String, Tensor> copies = new TreeMap<>();
        whole.forEach((name, stored) -> {
            if (!(keepsTying && name.equals(LlamaTensors.HEAD))) {
                copies.put(name, copy(stored));
            }
        });
        return new WholeWeights(copies, keepsTying);
    }

    private SortedMap<Integer, Tensor> tokenRows() {
        SortedMap<Integer, Tensor> byToken = new TreeMap<>();
        if (rows != null) {
            try (Scope scope = Scope.open()) {
                Tensor all = file.read(rows, Precision.FLOAT32);
                for (int i = 0; i < settings.tokens().size(); i++) {
                    byToken.put(
                            settings.tokens().get(i), scope.own(all.select(0, i).clone()));
                }
            }
        }
        return byToken;
    }
}
