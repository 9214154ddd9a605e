import { createRoot } from "react-dom/client";
import "./app/language.ts";
import { App } from "./app/app.tsx";
import { httpBackend } from "./backend/http-backend.ts";

/** A page that was exported tells of the model beside it; another one was given out by a server that has one. */
const beside = document.querySelector("#in-page")?.textContent;
const backend = beside ? (await import("./backend/page-backend.ts")).pageBackend(JSON.parse(beside)) : httpBackend;

createRoot(document.querySelector("#studio")!).render(<App backend={backend} />);
