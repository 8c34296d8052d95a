"""How well a prediction agrees with its golden answer: figures, differences, what the confidences are worth.

Works on the JSON itself rather than on the models: golden files may lack fields that a result has, and the other way
round; what is not known is not judged.
"""
