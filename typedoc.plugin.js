/** Shows the comment of a name at its value and at its type, as editors do: only one of them has it in the source. */
import { Comment, CommentTag, Converter, ReflectionKind } from "typedoc"
import ts from "typescript"

const kinds = ReflectionKind.Variable | ReflectionKind.TypeAlias | ReflectionKind.Interface

const partOf = (text) => ({ kind: "text", text })

export const load = (app) => {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const reflection of context.project.getReflectionsByKind(kinds)) {
      const symbol = reflection.comment === undefined ? context.getSymbolFromReflection(reflection) : undefined
      const text = ts.displayPartsToString(symbol?.getDocumentationComment(context.checker))
      if (text === "") continue
      const tags = symbol.getJsDocTags(context.checker)
        .map(({ name, text }) => new CommentTag(`@${name}`, [partOf(ts.displayPartsToString(text))]))
      reflection.comment = new Comment([partOf(text)], tags)
    }
  })
}
