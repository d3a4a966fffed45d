package org.dti4j.spark;

import java.util.List;
import scala.collection.immutable.Seq;

/** Names of columns as Scala has them. */
final class Columns {
    private Columns() {}

    static Seq<String> of(String column) {
        return scala.jdk.javaapi.CollectionConverters.asScala(List.of(column)).toSeq();
    }
}
