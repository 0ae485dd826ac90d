package dev.berth.operator.simulate;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One of the charts that lie above each other in a plot, all with the same time below. */
public final class Panel {
  /** What there is. */
  public static final Color BLUE = new Color(0x1F6FB4);

  /** What was turned away. */
  public static final Color ORANGE = new Color(0xD9741A);

  /** What there could be. */
  public static final Color GREEN = new Color(0x2E8B57);

  /** What must not be. */
  public static final Color RED = new Color(0xC0392B);

  /** What was asked for. */
  public static final Color GREY = new Color(0x9AA0A6);

  private static final int WIDTH = 1_000;
  private static final Color GRID = new Color(0xE4E6E9);
  private static final Color TEXT = new Color(0x3C4043);

  private final XYChart chart;
  private final double[] times;
  private double highest;

  /**
   * A panel without a line yet.
   *
   * @param unit of the time, to be written below; empty: not to be
   * @param times of all lines
   */
  public Panel(String title, String unit, double[] times, int height) {
    this.times = times;
    this.chart =
        new XYChartBuilder().width(WIDTH).height(height).title(title).xAxisTitle(unit).build();
    var styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridVerticalLinesVisible(false);
    styler.setPlotGridLinesStroke(new BasicStroke(1f));
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
    styler.setChartFontColor(TEXT);
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    styler.setAxisTickLabelsColor(TEXT);
    styler.setAxisTickMarksColor(GREY);
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setXAxisTickMarkSpacingHint(110);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setYAxisLeftWidthHint(70);
    styler.setXAxisTitleVisible(!unit.isEmpty());
    styler.setLocale(Locale.ROOT);
    styler.setXAxisDecimalPattern("#,##0.##");
    styler.setYAxisDecimalPattern("#,##0.##");
    styler.setXAxisMin(0.0);
    styler.setXAxisMax(times[times.length - 1]);
    styler.setYAxisMin(0.0);
  }

  /** Adds a line. */
  public Panel line(String name, double[] values, Color color) {
    add(name, values, color, new BasicStroke(2f));
    return this;
  }

  /** Adds a thin, broken line: a bound. */
  public Panel bound(String name, double[] values, Color color) {
    add(
        name,
        values,
        color,
        new BasicStroke(
            1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {6, 4}, 0));
    return this;
  }

  private void add(String name, double[] values, Color color, BasicStroke stroke) {
    for (double value : values) {
      highest = Math.max(highest, value);
    }
    XYSeries series = chart.addSeries(name, times, values);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setLineStyle(stroke);
  }

  /** The chart of all of them. */
  public XYChart chart() {
    chart.getStyler().setYAxisMax(Math.max(1, highest * 1.08));
    return chart;
  }
}
