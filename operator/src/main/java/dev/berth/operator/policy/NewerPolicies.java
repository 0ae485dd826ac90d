package dev.berth.operator.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads policies written under a newer definition, so that one of them is no reason to fail. Of a
 * spec that this version can't read as a whole its target stays, whose pods are governed by nobody
 * else, and {@link ConnectionPolicy#resolved} tells why; a status that it can't read is none.
 */
public final class NewerPolicies extends SimpleModule {
  private static final String WHY = "dev.berth.unreadable";

  public NewerPolicies() {
    super("newer-policies");
    setDeserializerModifier(
        new BeanDeserializerModifier() {
          @Override
          public JsonDeserializer<?> modifyDeserializer(
              DeserializationConfig config, BeanDescription type, JsonDeserializer<?> plain) {
            Class<?> read = type.getBeanClass();
            if (read == ConnectionPolicy.class) {
              return new OfPolicy(plain);
            }
            return read == ConnectionPolicySpec.class || read == ConnectionPolicyStatus.class
                ? new OfPart(plain)
                : plain;
          }
        });
  }

  /** Tells a policy why its spec can't be read. */
  private static final class OfPolicy extends DelegatingDeserializer {
    OfPolicy(JsonDeserializer<?> plain) {
      super(plain);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> plain) {
      return new OfPolicy(plain);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      context.setAttribute(WHY, Optional.empty());
      Object read = super.deserialize(parser, context);
      if (read instanceof ConnectionPolicy policy
          && context.getAttribute(WHY) instanceof String why) {
        policy.unreadable(why);
      }
      return read;
    }
  }

  /** Reads a spec or a status, or what stands for one that can't be read. */
  private static final class OfPart extends DelegatingDeserializer {
    OfPart(JsonDeserializer<?> plain) {
      super(plain);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> plain) {
      return new OfPart(plain);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode written = context.readTree(parser);
      try {
        return read(written, parser, context);
      } catch (JsonMappingException unknown) {
        ObjectNode known = JsonNodeFactory.instance.objectNode();
        if (handledType() == ConnectionPolicySpec.class) {
          unknown.prependPath(ConnectionPolicy.class, "spec");
          context.setAttribute(
              WHY, Mistake.sentence(unknown) + ", as far as this version of the operator knows");
          known.set("scaleTargetRef", written.path("scaleTargetRef"));
        }
        return read(known, parser, context);
      }
    }

    private Object read(JsonNode written, JsonParser parser, DeserializationContext context)
        throws IOException {
      try (JsonParser again = written.traverse(parser.getCodec())) {
        again.nextToken();
        return super.deserialize(again, context);
      }
    }
  }
}
