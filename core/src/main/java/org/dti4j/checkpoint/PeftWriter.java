package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.file.AtomicFile;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes adapters so that PEFT loads them. */
final class PeftWriter {
    private static final String PREFIX = "base_model.model.";

    private PeftWriter() {}

    @SuppressWarnings("try") // the scope frees what is made inside it
    static void write(Path folder, PeftAdapter adapter) {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new TreeMap<>();
            adapter.modules().forEach((module, pair) -> {
                tensors.put(PREFIX + module + ".lora_A.weight", pair.a());
                tensors.put(PREFIX + module + ".lora_B.weight", pair.b());
            });
            if (!adapter.tokenRows().isEmpty()) {
                Tensor rows = torch.stack(
                        new TensorVector(adapter.tokenRows().values().toArray(Tensor[]::new)));
                tensors.put(PREFIX + "model.embed_tokens.token_adapter.trainable_tokens_delta", rows);
            }
            adapter.whole().tensors().forEach((name, tensor) -> tensors.put(PREFIX + name, tensor));
            if (adapter.whole().keepsTying() && adapter.whole().hasRows()) {
                // PEFT stores the tied head too, and looks for it when it loads
                tensors.put(PREFIX + LlamaTensors.HEAD, tensors.get(PREFIX + LlamaTensors.EMBEDDING));
            }
            SafetensorsWriter.write(folder.resolve(PeftFiles.WEIGHTS), new LinkedHashMap<>(tensors), Precision.FLOAT32);
        }
        AtomicFile.write(
                folder.resolve(PeftFiles.SETTINGS),
                JsonSettings.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(settings(adapter)));
    }

    private static ObjectNode settings(PeftAdapter adapter) {
        ObjectNode json = JsonSettings.JSON.createObjectNode();
        json.put("base_model_name_or_path", adapter.baseModel());
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        putNumber(json, "lora_alpha", adapter.alpha());
        json.put("lora_dropout", adapter.dropout());
        putWhole(json, adapter.whole());
        json.put("peft_type", "LORA");
        json.put("r", adapter.rank());
        ObjectNode ranks = json.putObject("rank_pattern");
        ObjectNode alphas = json.putObject("alpha_pattern");
        adapter.modules().forEach((module, pair) -> {
            if (pair.a().size(0) != adapter.rank()) {
                ranks.put(module, pair.a().size(0));
            }
            double alpha = adapter.alphaOf(pair);
            if (alpha != adapter.alpha()) {
                putNumber(alphas, module, alpha);
            }
        });
        ArrayNode targets = json.putArray("target_modules");
        targets(adapter).forEach(targets::add);
        json.put("task_type", "CAUSAL_LM");
        if (!adapter.tokenRows().isEmpty()) {
            ArrayNode tokens = json.putObject("trainable_token_indices").putArray("embed_tokens");
            adapter.tokenRows().keySet().forEach(tokens::add);
        }
        json.put("use_dora", false);
        json.put("use_rslora", adapter.rankStabilised());
        return json;
    }

    private static void putWhole(ObjectNode json, WholeWeights whole) {
        if (whole.tensors().isEmpty()) {
            json.putNull("modules_to_save");
            return;
        }
        ArrayNode modules = json.putArray("modules_to_save");
        whole.tensors().keySet().stream()
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .distinct()
                .forEach(modules::add);
        json.put("ensure_weight_tying", whole.keepsTying());
    }

    /** Last names where each means the same modules in all layers that have any, else whole paths. */
    private static List<String> targets(PeftAdapter adapter) {
        Map<String, Integer> uses = new TreeMap<>();
        TreeSet<String> layers = new TreeSet<>();
        for (String module : adapter.modules().keySet()) {
            uses.merge(lastName(module), 1, Integer::sum);
            layers.add(module.replaceFirst("^(model\\.layers\\.\\d+)\\..*$", "$1"));
        }
        boolean everywhere = uses.values().stream().allMatch(count -> count == layers.size());
        return new ArrayList<>(everywhere ? uses.keySet() : adapter.modules().keySet());
    }

    private static String lastName(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    /** Whole numbers as PEFT writes them, without a point. */
    private static void putNumber(ObjectNode json, String key, double value) {
        if (value == Math.rint(value) && Math.abs(value) < Integer.MAX_VALUE) {
            json.put(key, (int) value);
        } else {
            json.put(key, value);
        }
    }
}
