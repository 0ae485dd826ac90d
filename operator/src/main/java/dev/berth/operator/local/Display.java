package dev.berth.operator.local;

/** Where views are shown to whoever started the program. Called by one thread at a time. */
sealed interface Display permits Screen, PlainLines {
  void show(View view);
}
