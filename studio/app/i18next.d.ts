import "i18next";
import type app from "../locales/en/app.json";
import type attention from "../locales/en/attention.json";
import type lessons from "../locales/en/lessons.json";
import type talk from "../locales/en/talk.json";
import type training from "../locales/en/training.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    resources: {
      app: typeof app;
      attention: typeof attention;
      lessons: typeof lessons;
      talk: typeof talk;
      training: typeof training;
    };
  }
}
