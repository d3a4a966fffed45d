/** How the library tells a user's mistakes from its own: {@link org.dti4j.problem.UserException} and nothing else. */
@NullMarked
package org.dti4j.problem;

import org.jspecify.annotations.NullMarked;
