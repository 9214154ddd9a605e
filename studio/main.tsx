import { createRoot } from "react-dom/client";
import "./app/language.ts";
import { App } from "./app/app.tsx";
import { httpBackend } from "./backend/http-backend.ts";

createRoot(document.querySelector("#studio")!).render(<App backend={httpBackend} />);
