/** From histories to token ids: templates, the tokenised catalogue, which target goes into which prompt (docs/method.md section 2). */
@NullMarked
package org.dti4j.prompt;

import org.jspecify.annotations.NullMarked;
