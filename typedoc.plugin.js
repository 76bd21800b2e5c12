/**
 * Shows the comment of a name at its value and at its type, as editors do: only one of them has it in the source. The entry of a
 * package itself is called `index`.
 */
import { Comment, CommentTag, Converter, ReflectionKind } from "typedoc"
import ts from "typescript"

const kinds = ReflectionKind.Variable | ReflectionKind.TypeAlias | ReflectionKind.Interface

const partOf = (text) => ({ kind: "text", text })

export const load = (app) => {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (reflection.kindOf(ReflectionKind.Module) && reflection.name === "") reflection.name = "index"
    if (!reflection.kindOf(kinds) || reflection.comment !== undefined) return
    const symbol = context.getSymbolFromReflection(reflection)
    const text = ts.displayPartsToString(symbol?.getDocumentationComment(context.checker))
    if (text === "") return
    const tags = symbol.getJsDocTags(context.checker)
      .map(({ name, text }) => new CommentTag(`@${name}`, [partOf(ts.displayPartsToString(text))]))
    reflection.comment = new Comment([partOf(text)], tags)
  })
}
