package dev.berth.operator.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.simulate.TraceFile.Bad;
import dev.berth.operator.simulate.TraceFile.Good;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFileTest {
  @TempDir private Path directory = Path.of("");

  private TraceFile read(String text) throws IOException {
    Path file = directory.resolve("load.csv");
    Files.writeString(file, text);
    return TraceFile.read(file);
  }

  @Test
  void aRowIsReadByTheNamesOfItsColumns() throws IOException {
    var trace =
        ((Good) read("# what for\ncost,time,connections,churn\n\n64Ki,0,10,2%\n1Mi,5m,20,0.1\n"))
            .trace();

    assertThat(trace.rows())
        .containsExactly(
            new Trace.Row(0, new Trace.Load(10, 65_536, 0.02, 1), Trace.Mishap.NONE),
            new Trace.Row(300, new Trace.Load(20, 1 << 20, 0.1, 1), Trace.Mishap.NONE));
  }

  @Test
  void anEmptyCellOfALoadIsAsBefore() throws IOException {
    var trace = ((Good) read("time,connections,cost\n0,10,64Ki\n1,20,\n")).trace();

    assertThat(trace.rows().getLast().load().cost()).isEqualTo(65_536);
  }

  @Test
  void anEmptyCellOfAMishapIsNone() throws IOException {
    var trace =
        ((Good) read("time,connections,cost,metrics_lost,hot_cost\n0,10,1,50%,2\n1,20,1,,\n"))
            .trace();

    assertThat(trace.rows())
        .extracting(Trace.Row::mishap)
        .containsExactly(new Trace.Mishap(0.5, 0, 0, 0, 1, 2), Trace.Mishap.NONE);
  }

  @Test
  void everyExampleIsATrace() throws IOException {
    try (var files = Files.list(Path.of("../examples/traces"))) {
      List<TraceFile> read = files.map(TraceFile::read).toList();

      assertThat(read).hasSizeGreaterThanOrEqualTo(8).hasOnlyElementsOfType(Good.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          time,connections,cost;0,many,1        | line 2: connections is "many"; it must be how many connections clients want, a number from 0
          time,connections,cost;0,-1,1          | line 2: connections is "-1"; it must be how many connections clients want, a number from 0
          time,connections,cost;0,1,lots        | line 2: cost is "lots"; it must be what a connection takes, as 64Ki or 65536
          time,connections,cost;0,1,0           | line 2: cost is 0; it must be at least 1 byte
          time,connections,cost;0,2000000,1     | line 2: connections is 2000000; it must be at most 1000000
          time,connections,cost;0,1,1;0,1,1     | line 3: time is 0 s; it must be above that of the row before, 0 s
          time,connections,cost;5,1,1           | line 2: time is 5; the first row's must be 0
          time,connections,cost;40000m,1,1      | line 2: time is 2400000; the first row's must be 0
          time,connections,cost;0,1,1;40000h,1,1 | line 3: time is 144000000 s; it must be within 31 days
          time,connections,cost;soon,1,1        | line 2: time is "soon"; it must be a time, as 90, 90s, 5m or 2h
          time,connections,cost;,1,1            | line 2: there is no time; it must be a time, as 90, 90s, 5m or 2h
          time,connections,cost;0,1             | line 2: there are 2 cells; line 1 names 3 columns
          time,connections,cost;0,,1            | line 2: connections is empty; in the first row it must be how many connections clients want, a number from 0
          time,connections,cost,churn;0,1,1,2   | line 2: churn is "2"; it must be the part of the connections replaced each second, 0 to 1, as 0.01 or 1%
          time,connections,cost,pods_killed;0,1,1,0.5 | line 2: pods_killed is "0.5"; it must be how many pods are gone at once, a whole number from 0
          time,connections                      | line 1: the first line that is no comment must name the columns, and cost is not among them; time, connections and cost are needed
          time,time                             | line 1: the column time is there twice
          time,conections,cost                  | line 1: "conections" is no column; there are time, connections, cost, churn, busy, metrics_lost, pods_killed, leak, leak_all, hot_draw, hot_cost
          time,connections,cost;0,1,1           | there is one row; a trace needs at least two, its beginning and its end
          time,connections,cost                 | there is no row; a trace needs at least two, its beginning and its end
          # nothing                             | there is no line but comments; the first must name the columns
          """)
  void whatIsWrongIsSaidWithItsLine(String text, String told) throws IOException {
    assertThat(((Bad) read(text.replace(';', '\n'))).sentence())
        .isIn(directory + "/load.csv, " + told, directory + "/load.csv: " + told);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(TraceFile.read(Path.of("no/such.csv")))
        .isEqualTo(new Bad("no/such.csv can't be read: there is no such file"));
  }

  @Test
  void byteOrderMarkBelongsToNoColumn() throws IOException {
    assertThat(read("\uFEFFtime,connections,cost\n0,10,64Ki\n1,20,\n")).isInstanceOf(Good.class);
  }
}
