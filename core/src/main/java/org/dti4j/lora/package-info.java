/** Adapters around the model's linear maps; the model knows nothing of them. */
@NullMarked
package org.dti4j.lora;

import org.jspecify.annotations.NullMarked;
