package dev.berth.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
  private static final Map<String, String> LABELS =
      Map.of("app", "chat", "tier", "front", "zone", "5", "in", "in");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          app=chat                      | true
          app==chat,tier=front          | true
          app=other                     | false
          app!=other                    | true
          absent!=anything              | true
          app in (chat, mail)           | true
          app in (mail)                 | false
          app in (chat,chat)            | true
          tier notin (back,middle)      | true
          app                           | true
          absent                        | false
          !absent                       | true
          !app                          | false
          app=chat,tier in (front),!x   | true
          ! absent                      | true
          zone>4                        | true
          zone > 5                      | false
          zone<6                        | true
          zone < 5,app=chat             | false
          app>1                         | false
          absent<1                      | false
          tier in ( front , back )      | true
          tier in(front)                | true
          tier in ()                    | false
          tier notin (back,)            | true
          in in (in)                    | true
          in=in                         | true
          app=chat,in                   | true
          absent=                       | false
          app!=                         | true
          """)
  void theTextOfAScaleSubresourceSelectsAsKubectlDoes(String text, boolean matches) {
    assertThat(Selector.parse(text).matches(LABELS)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app=chat tier",
        "app in chat",
        "=chat",
        "app=(chat)",
        "app=chat,",
        ",app=chat",
        "app=chat,,tier",
        "!app=mail",
        "!tier in (back)",
        "app=\"chat\"",
        "app!='chat'",
        "app===chat",
        "app in (chat mail)",
        "appin (chat)",
        "zone>",
        "zone>four",
        "zone>=4"
      })
  void whatIsNoSelectorIsRefusedRatherThanReadAsAWiderOne(String text) {
    assertThatThrownBy(() -> Selector.parse(text)).hasMessageContaining(text);
  }

  @Test
  void expressionsOfAWorkloadMustAllHold() {
    Selector selector =
        Selector.of(
            new LabelSelectorBuilder()
                .addToMatchLabels("app", "chat")
                .addNewMatchExpression()
                .withKey("tier")
                .withOperator("NotIn")
                .withValues("back")
                .endMatchExpression()
                .build());

    assertThat(selector.matches(LABELS)).isTrue();
    assertThat(selector.matches(Map.of("app", "chat", "tier", "back"))).isFalse();
    assertThat(selector.matches(Map.of("tier", "front"))).isFalse();
    assertThat(selector.label()).contains("app=chat");
  }
}
