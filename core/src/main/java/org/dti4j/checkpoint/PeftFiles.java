package org.dti4j.checkpoint;

final class PeftFiles {
    static final String WEIGHTS = "adapter_model.safetensors";
    static final String SETTINGS = "adapter_config.json";

    private PeftFiles() {}
}
