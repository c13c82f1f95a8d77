/**
 * @module
 * Gives the user a file.
 */

/** @param bytes the file's contents */
export function saveFile(name: string, type: string, bytes: BlobPart): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser takes a reference of its own when it handles the click; a minute is enough.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
