// A chosen picture is cut to a small square and sent at once: any size will do, hidden data such as
// the place where it was taken stays behind, and pages stay light. Without this, there is the plain
// field. The server checks either way.

const SIDE = 320;
const form = document.querySelector("[data-picture]");
const input = form.elements.picture;

const choose = form.querySelector("[data-choose]");
input.accept = "image/*";
input.hidden = true;
form.querySelector("label").hidden = true;
choose.hidden = false;
form.querySelector("[data-save]").hidden = true;
choose.setAttribute("aria-describedby", input.getAttribute("aria-describedby"));
choose.addEventListener("click", () => input.click());
input.addEventListener("change", async () => {
  const [file] = input.files;
  if (!file) return;
  const small = await reduced(file);
  if (small) {
    const files = new DataTransfer();
    files.items.add(new File([small], "picture.jpg", { type: "image/jpeg" }));
    input.files = files.files;
  }
  form.requestSubmit();
});

/** The picture as a small JPEG; nothing when this browser cannot read it: the server says so. */
async function reduced(file) {
  let image;
  try {
    image = await createImageBitmap(file);
  } catch {
    return null;
  }
  const canvas = square(image);
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.88); });
}

function square(image) {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const side = Math.min(image.width, image.height);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white"; // where a PNG lets the ground shine through
  pen.fillRect(0, 0, SIDE, SIDE);
  const [x, y] = [(image.width - side) / 2, (image.height - side) / 2];
  pen.drawImage(image, x, y, side, side, 0, 0, SIDE, SIDE);
  return canvas;
}
