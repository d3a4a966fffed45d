/** Files of others: safetensors, GGUF, Hugging Face names, PEFT adapters. */
@NullMarked
package org.dti4j.checkpoint;

import org.jspecify.annotations.NullMarked;
